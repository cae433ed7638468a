// Keeps up to date what the status panel tells of a publication, while something follows it.
(() => {
  class PublicationController extends window.StimulusModule.Controller {
    static targets = ['part', 'summary'];
    static values = { url: String };

    connect() {
      this.every = Number(this.summaryTarget.dataset.every);
      // The address of the message after a publish opens the panel.
      if (window.location.hash === `#${this.element.id}`) this.open();
      this.onVisible = () => this.plan(0);
      document.addEventListener('visibilitychange', this.onVisible);
      this.plan(this.every);
    }

    disconnect() {
      window.clearTimeout(this.timer);
      document.removeEventListener('visibilitychange', this.onVisible);
    }

    open() {
      const panel = this.element.closest('[data-side-panel]');
      if (!panel) return;
      // After Wagtail has opened the panel that was open last.
      window.setTimeout(() => {
        panel.dispatchEvent(new CustomEvent('open'));
        this.element.scrollIntoView({ block: 'nearest' });
      }, 0);
    }

    // Asks nothing in a hidden tab, nor when nothing is to be expected.
    plan(wait) {
      window.clearTimeout(this.timer);
      if (document.visibilityState === 'hidden' || !this.every) return;
      this.timer = window.setTimeout(() => this.refresh(), wait);
    }

    async refresh() {
      try {
        const response = await fetch(this.urlValue, {
          credentials: 'same-origin',
          headers: { 'X-Requested-With': 'XMLHttpRequest' },
        });
        // Logged out, or no right any more.
        if (!response.ok || response.redirected) return;
        this.show(await response.json());
      } catch {
        // The next look finds the server again.
      }
      if (this.element.isConnected) this.plan(this.every);
    }

    show({ html, summary, every }) {
      // What has the focus stays, and comes up to date when the focus has gone.
      if (this.partTarget.contains(document.activeElement)) return;
      this.partTarget.innerHTML = html;
      this.every = every;
      // Read out only when it changes.
      if (this.summaryTarget.textContent !== summary) this.summaryTarget.textContent = summary;
    }
  }

  window.wagtail.app.register('delivery-publication', PublicationController);
})();
