// A value that is no string: wagtail-localize keeps what the translation has in its place.
(() => {
  const { send } = window.translationDesk;

  class ValueController extends window.StimulusModule.Controller {
    static targets = ['field', 'state', 'title', 'error', 'revert'];

    static values = { url: String, kind: String, chooser: String, pageTypes: String };

    connect() {
      this.asInSource = this.hasRevertTarget ? this.revertTarget.textContent.trim() : '';
    }

    get name() {
      return this.element.querySelector('.desk-string__name').textContent.trim();
    }

    save() {
      return this.store(this.fieldTarget.value);
    }

    choose({ currentTarget }) {
      const chosen = ({ id, title, string }) => {
        currentTarget.focus();
        this.store(id, title ?? string);
      };
      const handlers = {
        page_chooser: () => window.PAGE_CHOOSER_MODAL_ONLOAD_HANDLERS,
        image_chooser: () => window.IMAGE_CHOOSER_MODAL_ONLOAD_HANDLERS,
        document_chooser: () => window.DOCUMENT_CHOOSER_MODAL_ONLOAD_HANDLERS,
        snippet_chooser: () => new window.ChooserModalOnloadHandlerFactory().getOnLoadHandlers(),
      };
      window.ModalWorkflow({
        url: this.chooserValue,
        urlParams: this.pageTypesValue ? { page_type: this.pageTypesValue } : {},
        onload: handlers[this.kindValue](),
        responses: { chosen, pageChosen: chosen },
      });
    }

    async store(value, title) {
      const body = new FormData();
      body.set('value', value);
      const answer = await send(this.urlValue, 'PUT', body);
      this.show(answer, this.stateTarget.dataset.changed, 'overridden');
      if (answer.outcome !== 'saved') return;
      this.revertTarget.hidden = false;
      if (title && this.hasTitleTarget) this.titleTarget.textContent = title;
    }

    async revert() {
      const answer = await send(this.urlValue, 'DELETE');
      this.show(answer, this.asInSource, 'reverted');
      // The screen knows the source's value, and does not say it to scripts.
      if (answer.outcome === 'saved') window.location.reload();
    }

    show({ outcome, reason }, state, text) {
      const isSaved = outcome === 'saved';
      this.errorTarget.textContent = reason;
      this.errorTarget.hidden = !reason;
      if (isSaved) this.stateTarget.textContent = state;
      this.dispatch('say', {
        prefix: 'desk-screen',
        detail: { text: isSaved ? text : outcome, values: { name: this.name, reason } },
      });
    }
  }

  window.wagtail.app.register('desk-value', ValueController);
})();
