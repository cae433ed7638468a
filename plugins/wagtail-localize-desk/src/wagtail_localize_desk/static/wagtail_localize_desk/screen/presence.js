// Says who else has this translation open, by Wagtail's editing sessions.
(() => {
  const EVERY = 15_000;

  class PresenceController extends window.StimulusModule.Controller {
    static targets = ['who'];

    static values = { ping: String, release: String };

    connect() {
      this.names = '';
      this.leave = () => navigator.sendBeacon(this.releaseValue, this.form());
      window.addEventListener('pagehide', this.leave);
      this.timer = window.setInterval(() => this.ping(), EVERY);
      this.ping();
    }

    disconnect() {
      window.clearInterval(this.timer);
      window.removeEventListener('pagehide', this.leave);
    }

    form() {
      const form = new FormData();
      form.set('csrfmiddlewaretoken', document.querySelector('[name=csrfmiddlewaretoken]').value);
      if (this.element.querySelector('.desk-string--changed')) form.set('is_editing', '1');
      return form;
    }

    async ping() {
      if (document.visibilityState === 'hidden') return;
      let answer;
      try {
        const response = await fetch(this.pingValue, {
          method: 'POST',
          body: this.form(),
          credentials: 'same-origin',
        });
        if (!response.ok || response.redirected) return;
        answer = await response.json();
      } catch {
        // The next ping finds the server again.
        return;
      }
      this.pingValue = answer.ping_url;
      this.releaseValue = answer.release_url;
      this.show(answer.other_sessions.map(({ user }) => user));
    }

    show(users) {
      const names = users.join(', ');
      if (names === this.names) return;
      const texts = JSON.parse(this.element.dataset.deskScreenTextsValue);
      const text = texts[users.length > 1 ? 'hereMany' : 'here'].replace('{users}', () => names);
      this.whoTarget.textContent = names ? text : '';
      this.whoTarget.hidden = !names;
      this.names = names;
      this.dispatch('say', {
        prefix: 'desk-screen',
        detail: { text: this.textName(users), values: { users: names } },
      });
    }

    textName(users) {
      if (!users.length) return 'alone';
      return users.length > 1 ? 'hereMany' : 'here';
    }
  }

  window.wagtail.app.register('desk-presence', PresenceController);
})();
