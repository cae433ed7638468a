// One string of the translator's screen: its text is kept in this browser until it is saved.
(() => {
  const { send, html, lostWords, changedSentences } = window.translationDesk;
  const MISSING = /\{\/?\d+\}/g;
  // Who only passes by a string does not ask for similar ones.
  const WAIT = 600;

  class StringController extends window.StimulusModule.Controller {
    static targets = [
      'field',
      'source',
      'error',
      'draft',
      'version',
      'piece',
      'other',
      'offer',
      'offers',
      'similar',
      'use',
    ];

    static values = {
      id: Number,
      version: String,
      state: String,
      stateLabel: String,
      words: Number,
      attempt: Boolean,
    };

    connect() {
      this.saved = this.fieldTarget.defaultValue;
      this.isRestored = false;
      if (this.attemptValue) {
        this.keep();
      } else {
        this.restore();
      }
    }

    disconnect() {
      window.clearTimeout(this.offerTimer);
    }

    get name() {
      return this.element.querySelector('.desk-string__name').textContent.trim();
    }

    get isOpen() {
      return this.stateValue === 'untranslated' || this.stateValue === 'needs_review';
    }

    get isApprovable() {
      return !this.isOpen && this.element.querySelector('[data-approve]') !== null;
    }

    get isReadOnly() {
      return this.fieldTarget.readOnly;
    }

    get isChanged() {
      return this.attemptValue || this.fieldTarget.value !== this.saved;
    }

    get key() {
      const { deskScreenUserValue } = this.element.closest('[data-desk-screen-user-value]').dataset;
      return `translation-desk:${deskScreenUserValue}:${this.idValue}`;
    }

    // Texts that are kept in this browser

    keep() {
      const draft = {
        text: this.fieldTarget.value,
        version: this.versionTarget.value,
        offer: this.offerTarget.value,
      };
      try {
        localStorage.setItem(this.key, JSON.stringify(draft));
      } catch {
        // The browser keeps nothing; leaving the page then asks.
      }
    }

    forget() {
      try {
        localStorage.removeItem(this.key);
      } catch {
        // There is nothing to forget.
      }
    }

    restore() {
      let draft = null;
      try {
        draft = JSON.parse(localStorage.getItem(this.key));
      } catch {
        // Nothing was kept.
      }
      if (!draft || this.isReadOnly) return;
      if (draft.text === this.saved) {
        this.forget();
        return;
      }
      this.fieldTarget.value = draft.text;
      // What the writer had seen, so that the server notices what others saved since.
      this.versionTarget.value = draft.version;
      this.offerTarget.value = draft.offer ?? '';
      this.isRestored = true;
      this.showDraft();
      this.dispatch('draft', { prefix: 'desk-string' });
    }

    showDraft() {
      this.draftTarget.hidden = !this.isChanged;
      this.element.classList.toggle('desk-string--changed', this.isChanged);
    }

    type() {
      this.isRestored = false;
      if (this.isChanged) {
        this.keep();
      } else {
        this.forget();
        this.versionTarget.value = this.versionValue;
      }
      this.showDraft();
    }

    discard() {
      this.fieldTarget.value = this.hasOtherTarget ? this.otherTarget.textContent : this.saved;
      this.attemptValue = false;
      this.versionTarget.value = this.versionValue;
      this.forget();
      this.showDraft();
      this.fieldTarget.focus();
    }

    // Writing

    write(text, start, end) {
      this.fieldTarget.focus();
      this.fieldTarget.setRangeText(text, start, end, 'end');
      this.fieldTarget.dispatchEvent(new Event('input', { bubbles: true }));
    }

    copySource() {
      if (this.isReadOnly) return;
      this.write(this.sourceTarget.textContent, 0, this.fieldTarget.value.length);
      this.say('copied', { name: this.name });
    }

    insert({ currentTarget }) {
      this.insertPiece(currentTarget);
    }

    insertPiece(piece) {
      if (this.isReadOnly) return;
      const { start, end } = piece.dataset;
      const { selectionStart, selectionEnd, value } = this.fieldTarget;
      const selected = value.slice(selectionStart, selectionEnd);
      this.write(`${start}${selected}${end}`, selectionStart, selectionEnd);
      // To write between them.
      if (!selected) {
        const inside = selectionStart + start.length;
        this.fieldTarget.setSelectionRange(inside, inside);
      }
      this.say('inserted', { piece: `${start}…${end}` });
    }

    insertMissing() {
      const used = new Set(this.fieldTarget.value.match(MISSING));
      const piece = this.pieceTargets.find(({ dataset }) => !used.has(dataset.start));
      if (piece) {
        this.insertPiece(piece);
      } else {
        this.say('noPieces', { name: this.name });
      }
    }

    takeOther() {
      this.discard();
      this.replaceConflict();
    }

    replaceConflict() {
      this.element.querySelector('.desk-string__conflict').remove();
      this.showError('');
      this.saved = this.fieldTarget.value;
      this.showDraft();
    }

    // Similar translations

    get areOffersShown() {
      return !this.offersTarget.hidden;
    }

    async toggleOffers() {
      if (this.areOffersShown) {
        this.showOffers(false);
      } else if (await this.loadOffers()) {
        this.showOffers(true);
        this.sayOffers();
      }
    }

    showOffers(areShown) {
      this.offersTarget.hidden = !areShown;
      this.similarTarget.setAttribute('aria-expanded', String(areShown));
    }

    // Whether the server has answered.
    async loadOffers() {
      if (this.hasOffers) return true;
      const { content, outcome, reason } = await html(this.similarTarget.href);
      if (content === undefined) {
        const text = outcome === 'refused' ? 'notShown' : 'unreachable';
        this.say(text, { name: this.name, reason });
        return false;
      }
      this.offersTarget.innerHTML = content;
      this.hasOffers = true;
      return true;
    }

    get offers() {
      return this.offersTarget.firstElementChild.dataset;
    }

    sayOffers() {
      const { count, best } = this.offers;
      this.say(count === '0' ? 'noOffers' : 'offers', { name: this.name, count, best });
    }

    // Somebody stays at a string that is to do: what is similar comes by itself.
    async offer() {
      if (!this.element.contains(document.activeElement) || !(await this.loadOffers())) return;
      if (this.offers.count === '0' || this.areOffersShown) return;
      this.showOffers(true);
      this.sayOffers();
    }

    useOffer({ currentTarget }) {
      const { offer, text, percent } = currentTarget.dataset;
      this.offerTarget.value = offer;
      this.write(text, 0, this.fieldTarget.value.length);
      this.say('used', { name: this.name, percent });
    }

    async useNextOffer() {
      if (this.isReadOnly || !(await this.loadOffers())) return;
      this.showOffers(true);
      const offers = this.useTargets;
      if (offers.length) {
        this.nextOffer = this.nextOffer ?? 0;
        this.useOffer({ currentTarget: offers[this.nextOffer % offers.length] });
        this.nextOffer += 1;
      } else {
        this.say('noOffers', { name: this.name });
      }
    }

    // Saving

    // A form of the string was sent: its text, an approval or a comment.
    save(event) {
      const { target: form, submitter } = event ?? {};
      if (form?.matches?.('[data-desk-review]')) return this.review(form, submitter);
      return this.send({ submitter });
    }

    saveAndNext() {
      return this.send({ next: true });
    }

    review(form, submitter, next = false) {
      if (this.isChanged && submitter?.hasAttribute('data-approve')) {
        this.say('unsaved', { name: this.name });
        return null;
      }
      return this.send({ form, submitter, next });
    }

    // Approve, and go to the next one that waits for that.
    approveAndNext() {
      const button = this.element.querySelector('[data-approve]');
      return button && this.review(button.form, button, true);
    }

    async send({ form = this.fieldTarget.form, submitter, next = false, isQuiet = false }) {
      if (this.isSending) return 'refused';
      this.isSending = true;
      const isText = form === this.fieldTarget.form;
      // Not `form.action`, which is the button of that name.
      const url = form.getAttribute('action');
      const body = new FormData(form);
      if (submitter?.name) body.set(submitter.name, submitter.value);
      // What is being written stays when something else is sent.
      const before = isText ? this.fieldTarget.value : this.saved;
      this.answer = send(url, 'POST', body);
      const answer = await this.answer;
      this.isSending = false;
      const { outcome, reason } = answer;
      if (isText && (outcome === 'saved' || outcome === 'unchanged')) this.forget();
      if (answer.html) {
        this.replace(answer, { before, next, isQuiet });
      } else {
        if (isText) this.keep();
        this.say(outcome, { name: this.name, reason });
        this.showError(reason || this.lastWords(outcome));
      }
      return outcome;
    }

    lastWords(outcome) {
      const { deskScreenTextsValue } = this.element.closest('[data-desk-screen-texts-value]').dataset;
      return JSON.parse(deskScreenTextsValue)[outcome].replace('{name}', () => this.name);
    }

    showError(text) {
      this.errorTarget.textContent = text;
      this.errorTarget.hidden = !text;
      this.fieldTarget.toggleAttribute('aria-invalid', Boolean(text));
      if (text) this.fieldTarget.setAttribute('aria-invalid', 'true');
    }

    // Put the server's row in the place of this one. What was typed meanwhile stays.
    replace({ html, outcome, reason, state, stateLabel, filled }, { before, next, isQuiet }) {
      const typedMeanwhile = this.fieldTarget.value !== before ? this.fieldTarget.value : null;
      const hadFocus = this.element.contains(document.activeElement);
      const template = document.createElement('template');
      template.innerHTML = html.trim();
      const row = template.content.firstElementChild;
      const detail = { outcome, reason, next, isQuiet, hadFocus, typedMeanwhile, filled };
      detail.before = { state: this.stateValue, words: this.wordsValue };
      detail.after = { state, label: stateLabel, name: this.name };
      const screen = this.element.closest('[data-controller~="desk-screen"]');
      this.element.replaceWith(row);
      screen.dispatchEvent(new CustomEvent('desk-string:done', { detail: { ...detail, row }, bubbles: true }));
    }

    // For the screen

    enter() {
      this.dispatch('entered', {
        prefix: 'desk-string',
        detail: { texts: [this.saved, this.sourceTarget.textContent] },
      });
      if (!this.isOpen || this.isReadOnly || this.hasOffers) return;
      window.clearTimeout(this.offerTimer);
      this.offerTimer = window.setTimeout(() => this.offer(), WAIT);
    }

    // Select what has to change in the old translation, so that one writes over it: what the source
    // has lost where the translation has it too, else the sentences that have changed. Returns what
    // is said of it; null if nothing is selected.
    selectChanged() {
      if (this.isReadOnly || this.isChanged) return null;
      const { value } = this.fieldTarget;
      const removed = [...this.element.querySelectorAll('.desk-string__difference del')];
      const lost = lostWords(
        removed.map((part) => part.lastChild.textContent.trim()),
        value,
      );
      const found = lost ?? this.changedPart();
      if (!found) return null;
      this.fieldTarget.setSelectionRange(...found);
      return lost ? ['selected', { words: value.slice(...lost) }] : ['selectedPart', {}];
    }

    changedPart() {
      const before = this.element.querySelector('.desk-string__before .desk-string__text');
      if (!before) return null;
      const { value, lang } = this.fieldTarget;
      const [old, now] = [before, this.sourceTarget].map((element) => ({
        text: element.textContent,
        language: element.lang,
      }));
      return changedSentences(old, now, { text: value, language: lang });
    }

    showHistory({ currentTarget }) {
      this.dispatch('history', {
        prefix: 'desk-string',
        detail: { url: currentTarget.href, name: this.name, opener: currentTarget, row: this },
      });
    }

    say(text, values) {
      this.dispatch('say', { prefix: 'desk-screen', detail: { text, values } });
    }
  }

  window.wagtail.app.register('desk-string', StringController);
})();
