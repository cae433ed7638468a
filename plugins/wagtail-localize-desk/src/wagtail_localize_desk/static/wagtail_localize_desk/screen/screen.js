// The translator's screen: moving between strings, shortcuts, announcements, and dialogs.
(() => {
  const { send, html } = window.translationDesk;
  const ROWS = '[data-controller~="desk-string"]';
  const isMac = /Mac|iP/.test(navigator.platform);
  // Announced at once and not politely: something is not saved.
  const ALERTS = new Set(['refused', 'conflict', 'offline', 'loggedOut', 'stopped', 'unreached']);
  // The end of an address that leads to the first string that is to do.
  const TO_DO = '#to-do';
  // What Wagtail shows beside the screen of what is public.
  const STATUS = '[data-side-panel=status]';

  // Which string comes next, by what was done, and what is said if there is none.
  const OPEN = { isWanted: (other) => other.isOpen, none: 'noneOpen' };
  const GOALS = {
    saved: OPEN,
    unchanged: OPEN,
    approved: { isWanted: (other) => other.isApprovable, none: 'noneToApprove' },
  };

  // What is announced of something that was not shown, where nothing could be lost.
  const notShown = (outcome) => (outcome === 'refused' ? 'notShown' : 'unreachable');

  class ScreenController extends window.StimulusModule.Controller {
    static targets = [
      'status',
      'alert',
      'search',
      'words',
      'help',
      'history',
      'historyName',
      'historyBody',
      'memory',
      'memorySearch',
      'memoryStatus',
      'memoryBody',
      'publication',
      'finish',
    ];

    static values = { user: Number, texts: Object };

    connect() {
      this.element.classList.add('desk-screen--with-script');
      this.drafts = 0;
      this.current = null;
      // The strings connect after the screen.
      if (window.location.hash === TO_DO) {
        window.setTimeout(() => this.go(1, (other) => other.isOpen), 0);
      }
    }

    // Strings

    get rows() {
      return [...this.element.querySelectorAll(ROWS)];
    }

    controllerOf(row) {
      return this.application.getControllerForElementAndIdentifier(row, 'desk-string');
    }

    entered({ target }) {
      this.current = target;
    }

    // Where somebody is, or was last; null before they have been at a string.
    get place() {
      const row = document.activeElement?.closest(ROWS);
      return row ?? (this.current?.isConnected ? this.current : null);
    }

    get focused() {
      return this.place ?? this.rows[0];
    }

    // Focus the field of the next string; returns it, or null if there is none.
    move(from, step, isWanted = null) {
      const rows = this.rows;
      const start = rows.indexOf(from);
      const before = rows.slice(0, Math.max(start, 0));
      const after = step > 0 ? rows.slice(start + 1) : [...before].reverse();
      // The next one that is to do may be above.
      const others = isWanted ? [...after, ...before] : after;
      const found = others.find((row) => !isWanted || isWanted(this.controllerOf(row)));
      if (!found) return null;
      const controller = this.controllerOf(found);
      controller.fieldTarget.focus();
      found.scrollIntoView({ block: 'center' });
      return controller;
    }

    // What is said of the string to which the screen has moved.
    arrival(row) {
      const selected = row.selectChanged();
      const texts = [['moved', { name: row.name, state: row.stateLabelValue }]];
      return selected ? [...texts, selected] : texts;
    }

    go(step, isWanted) {
      const { place } = this;
      const next = this.move(place, step, isWanted);
      if (next) {
        this.announce(this.arrival(next));
      } else {
        if (place) this.controllerOf(place)?.fieldTarget.focus();
        this.announce([[isWanted ? 'noneOpen' : 'noneHere', {}]]);
      }
    }

    // Shortcuts

    shortcut(event) {
      const isModified = isMac ? event.metaKey : event.ctrlKey;
      if (document.querySelector('dialog[open]')) return;
      const action = this.actionFor(event, isModified);
      if (!action) return;
      event.preventDefault();
      action();
    }

    actionFor({ key, code, altKey, shiftKey }, isModified) {
      const row = () => this.controllerOf(this.focused);
      if (isModified && !altKey && shiftKey) {
        return key === 'Enter' && this.hasFinishTarget ? () => this.finishTarget.click() : null;
      }
      if (isModified && !altKey) {
        if (key === 'Enter') return () => row().saveAndNext();
        if (key.toLowerCase() === 's') return () => row().save();
        return null;
      }
      if (altKey && !isModified && !shiftKey) {
        if (key === 'PageDown') return () => this.go(1);
        if (key === 'PageUp') return () => this.go(-1);
        if (key === 'End') return () => this.go(1, (other) => other.isOpen);
        if (code === 'Slash') return () => this.searchTarget.focus();
        if (code === 'Period') return () => row().useNextOffer();
        if (code === 'Comma') return () => this.showMemory();
        return null;
      }
      if (altKey || shiftKey || isModified) return null;
      if (key === 'F2') return () => row().copySource();
      if (key === 'F4') return () => row().insertMissing();
      if (key === 'F9') return () => this.spread();
      if (key === 'F8') return () => row().approveAndNext();
      return null;
    }

    // After a string was saved or refused

    done({ detail }) {
      const { row, outcome, reason, next, isQuiet, hadFocus, typedMeanwhile, before, after } = detail;
      this.count(before, after.state);
      if (detail.filled?.length) this.refresh(new Set(detail.filled));
      if (isQuiet) return;
      const elsewhere = row.querySelector('[id$=-elsewhere]');
      if (elsewhere) this.spreadable = row;
      // Stimulus connects the new row before the next task.
      window.setTimeout(() => {
        const controller = this.controllerOf(row);
        if (typedMeanwhile !== null) controller.write(typedMeanwhile, 0, Infinity);
        const texts = [[outcome, { name: after.name, reason }]];
        if (elsewhere) texts.push(['elsewhere', { reason: elsewhere.textContent }]);
        const goal = next ? GOALS[outcome] : undefined;
        const moved = goal && this.move(row, 1, goal.isWanted);
        if (moved) {
          texts.push(...this.arrival(moved));
        } else {
          if (hadFocus) controller.fieldTarget.focus();
          if (goal) texts.push([goal.none, {}]);
        }
        this.announce(texts);
      }, 0);
    }

    // Strings that were filled in elsewhere may be on this screen too.
    async refresh(keys) {
      const shown = this.rows.filter((row) => keys.has(Number(row.dataset.deskStringIdValue)));
      if (!shown.length) return;
      const page = await this.ownPage();
      if (!page) return;
      for (const row of shown) {
        const { deskStringStateValue: state, deskStringWordsValue: words } = row.dataset;
        const fresh = page.getElementById(row.id);
        if (fresh) {
          this.count({ state, words: Number(words) }, fresh.dataset.deskStringStateValue);
          row.replaceWith(document.adoptNode(fresh));
        }
      }
    }

    // This page as it is now; null if the server does not answer.
    async ownPage() {
      const { content } = await html(window.location.href);
      return content === undefined ? null : new DOMParser().parseFromString(content, 'text/html');
    }

    // Of the string at which somebody is, else of the one that was saved last.
    spread() {
      const isConnected = this.spreadable?.isConnected;
      const rows = [this.focused, isConnected ? this.spreadable : null];
      const button = rows
        .map((row) => row?.querySelector('[data-desk-string-target=spread]'))
        .find(Boolean);
      if (button) {
        button.click();
      } else {
        this.announce([['noneElsewhere', {}]]);
      }
    }

    count(before, state) {
      for (const element of this.wordsTargets) {
        const words = Number(element.textContent);
        if (element.dataset.state === before.state) element.textContent = words - before.words;
        if (element.dataset.state === state) {
          element.textContent = Number(element.textContent) + before.words;
        }
      }
    }

    async saveAll() {
      const { count, failed } = await this.saveRows((row) => row.isChanged);
      this.announce([['savedAll', { count, failed: failed.length }]], failed.length > 0);
    }

    // Save strings, but for those in which somebody has to choose one of two texts.
    async saveRows(isWanted) {
      // What is on its way gets its answer first, and Stimulus connects the new rows.
      await Promise.all(this.rows.map((row) => this.controllerOf(row)?.answer));
      await new Promise((resolve) => window.setTimeout(resolve, 0));
      const rows = this.rows.map((row) => this.controllerOf(row)).filter(Boolean);
      const failed = [];
      let count = 0;
      for (const row of rows.filter(isWanted)) {
        // One after the other: the server answers them in order, and few at a time.
        const outcome = row.hasOtherTarget ? 'conflict' : await row.send({ isQuiet: true });
        if (outcome === 'saved' || outcome === 'unchanged') {
          count += 1;
        } else {
          failed.push(row.element.id);
        }
      }
      return { count, failed };
    }

    // Publish or send to review what was written too, or nothing; what an earlier visit left is not
    // saved unseen.
    async submitWhole(event) {
      const { target: form, submitter } = event;
      if (!submitter?.hasAttribute('data-saves-first')) return;
      event.preventDefault();
      if (this.isSubmitting) return;
      this.isSubmitting = true;
      const { failed } = await this.saveRows((row) => row.isChanged && !row.isRestored);
      if (failed.length) {
        document.getElementById(failed[0]).querySelector('textarea').focus();
        this.announce([['stopped', { count: failed.length }]]);
      } else if (submitter.value === 'publish') {
        await this.publish(form, submitter);
      } else {
        this.openAnswer(form, submitter);
      }
      this.isSubmitting = false;
    }

    async publish(form, submitter) {
      const url = submitter.getAttribute('formaction');
      const { outcome, reason } = await send(url, 'POST', new FormData(form, submitter));
      if (outcome === 'published') {
        await this.published(reason);
      } else if (outcome === 'refused') {
        // The page says why not, or asks.
        this.openAnswer(form, submitter);
      } else {
        this.announce([['unreached', {}]]);
      }
    }

    // Send what is in a form as a browser without scripts does, and leave the form as it is.
    openAnswer(form, submitter) {
      const copy = document.createElement('form');
      Object.assign(copy, { method: 'post', action: submitter.formAction, hidden: true });
      for (const [name, value] of new FormData(form, submitter)) {
        copy.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
      }
      document.body.append(copy);
      copy.submit();
      copy.remove();
    }

    async published(reason) {
      const left = this.rows.filter((row) => this.controllerOf(row).isChanged).length;
      this.publicationTarget.textContent = reason;
      this.publicationTarget.hidden = false;
      const told = [['published', { reason }]];
      if (left) told.push(['leftOut', { count: left }]);
      this.announce(told);
      const page = await this.ownPage();
      const fresh = page?.querySelector(STATUS);
      const shown = document.querySelector(STATUS);
      if (fresh && shown) shown.replaceChildren(...document.adoptNode(fresh).childNodes);
    }

    // Announcements

    say({ detail }) {
      this.announce([[detail.text, detail.values]]);
    }

    text(name, values) {
      return Object.entries(values ?? {}).reduce(
        (text, [key, value]) => text.replace(`{${key}}`, () => value),
        this.textsValue[name],
      );
    }

    announce(texts, isAlert = texts.some(([name]) => ALERTS.has(name))) {
      const region = isAlert ? this.alertTarget : this.statusTarget;
      region.textContent = '';
      // An empty region first, so that the same words are read again.
      window.setTimeout(() => {
        region.textContent = texts.map(([name, values]) => this.text(name, values)).join(' ');
      }, 50);
    }

    countDraft() {
      this.drafts += 1;
      window.clearTimeout(this.draftTimer);
      this.draftTimer = window.setTimeout(() => {
        this.announce([['drafts', { count: this.drafts }]]);
      }, 200);
    }

    leave(event) {
      const isUnsaved = this.rows.some((row) => {
        const controller = this.controllerOf(row);
        return controller.isChanged && !controller.isRestored;
      });
      if (isUnsaved) event.preventDefault();
    }

    // Dialogs

    showHelp() {
      this.helpTarget.showModal();
    }

    async showHistory({ detail }) {
      const { content, outcome, reason } = await html(detail.url);
      if (content === undefined) {
        this.announce([[notShown(outcome), { name: detail.name, reason }]]);
        return;
      }
      this.historyNameTarget.textContent = detail.name;
      this.historyBodyTarget.innerHTML = content;
      this.historyTarget.showModal();
      this.historyBodyTarget.onsubmit = (event) => {
        event.preventDefault();
        this.restore(event.target, detail.row);
      };
    }

    // The translation memory, in the languages of the string at which somebody is.
    showMemory() {
      const row = this.focused && this.controllerOf(this.focused);
      if (!row) return;
      const { q, source, target } = this.memorySearchTarget.elements;
      source.value = row.sourceTarget.lang;
      target.value = row.fieldTarget.lang;
      const { value, selectionStart, selectionEnd } = row.fieldTarget;
      const isField = document.activeElement === row.fieldTarget;
      const selected = isField
        ? value.slice(selectionStart, selectionEnd)
        : String(window.getSelection());
      if (selected.trim()) q.value = selected.trim().slice(0, q.maxLength);
      this.memoryTarget.showModal();
      q.focus();
      q.select();
    }

    async searchMemory() {
      const form = this.memorySearchTarget;
      const query = new URLSearchParams(new FormData(form));
      const { content, outcome, reason } = await html(`${form.getAttribute('action')}?${query}`);
      this.memoryBodyTarget.innerHTML = content ?? '';
      const count = this.memoryBodyTarget.querySelector('[data-count]');
      this.memoryStatusTarget.textContent = count
        ? count.textContent
        : reason || this.text(notShown(outcome), {});
      count?.remove();
    }

    async restore(form, row) {
      const body = new FormData(form);
      body.set('number', row.fieldTarget.form.elements.number.value);
      const answer = await send(form.getAttribute('action'), 'POST', body);
      this.historyTarget.close();
      row.fieldTarget.focus();
      if (answer.html) {
        row.forget();
        row.replace(answer, { before: row.fieldTarget.value, next: false });
      } else {
        this.announce([[answer.outcome, { name: row.name, reason: answer.reason }]]);
      }
    }
  }

  window.wagtail.app.register('desk-screen', ScreenController);
})();
