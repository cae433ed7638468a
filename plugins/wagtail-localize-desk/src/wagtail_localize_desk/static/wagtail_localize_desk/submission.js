// Keeps the progress of a submission up to date until it is finished.
(() => {
  const EVERY = 2_000;

  class SubmissionController extends window.StimulusModule.Controller {
    static targets = ['part', 'status', 'refresh'];

    connect() {
      if (this.isFinished()) return;
      if (this.hasRefreshTarget) this.refreshTarget.hidden = true;
      this.timer = window.setInterval(() => this.refresh(), EVERY);
    }

    disconnect() {
      window.clearInterval(this.timer);
    }

    isFinished() {
      return this.partTarget.firstElementChild.hasAttribute('data-finished');
    }

    async refresh() {
      // What has the focus stays, and comes up to date when the focus has gone.
      const isRead = this.partTarget.contains(document.activeElement);
      if (document.visibilityState === 'hidden' || isRead) return;
      let text;
      try {
        const response = await fetch(window.location.href, {
          credentials: 'same-origin',
          headers: { 'X-Requested-With': 'XMLHttpRequest' },
        });
        if (!response.ok || response.redirected) {
          this.giveUp();
          return;
        }
        text = await response.text();
      } catch {
        // The next look finds the server again.
        return;
      }
      this.show(text);
    }

    giveUp() {
      window.clearInterval(this.timer);
      if (this.hasRefreshTarget) this.refreshTarget.hidden = false;
    }

    show(text) {
      this.partTarget.innerHTML = text.trim();
      const { status } = this.partTarget.firstElementChild.dataset;
      // Said only when it changes.
      if (this.statusTarget.textContent !== status) this.statusTarget.textContent = status;
      if (this.isFinished()) window.clearInterval(this.timer);
    }
  }

  window.wagtail.app.register('desk-submission', SubmissionController);
})();
