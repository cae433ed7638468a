// The page in the target language beside its strings, scrolled to the one that is being written.
(() => {
  const TOKENS = /\{\/?\d+\}/g;
  const LENGTH = 40;
  const words = (text) => text.replace(/\s+/g, ' ').trim();

  // The beginning of the longest part of a text between its protected pieces and lines.
  const sample = (text) =>
    text
      .split(TOKENS)
      .flatMap((part) => part.split('\n'))
      .map(words)
      .sort((one, other) => other.length - one.length)[0]
      .slice(0, LENGTH);

  class PreviewController extends window.StimulusModule.Controller {
    static targets = ['toggle', 'frame', 'mode', 'link'];

    connect() {
      this.texts = [];
      this.frameTarget.addEventListener('load', () => this.scroll());
    }

    get isShown() {
      return !this.frameTarget.hidden;
    }

    get url() {
      return this.hasModeTarget ? this.modeTarget.value : this.frameTarget.dataset.url;
    }

    toggle() {
      this.frameTarget.hidden = this.isShown;
      this.toggleTarget.setAttribute('aria-expanded', String(this.isShown));
      this.element.parentElement.classList.toggle('desk-screen__columns--preview', this.isShown);
      if (this.isShown) this.load();
    }

    change() {
      this.linkTarget.href = this.url;
      if (this.isShown) this.load();
    }

    load() {
      this.frameTarget.src = this.url;
    }

    reload() {
      if (!this.isShown) return;
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.load(), 800);
    }

    follow({ detail }) {
      this.texts = detail.texts;
      if (this.isShown) this.scroll();
    }

    scroll() {
      let page;
      try {
        page = this.frameTarget.contentDocument;
      } catch {
        // A preview on another server cannot be looked into.
      }
      if (!page?.body) return;
      const found = this.texts.map((text) => this.find(page, sample(text))).find(Boolean);
      if (!found) return;
      found.scrollIntoView({ block: 'center' });
      this.mark(found);
    }

    find(page, text) {
      if (!text) return null;
      const nodes = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
      while (nodes.nextNode()) {
        if (words(nodes.currentNode.data).includes(text)) return nodes.currentNode.parentElement;
      }
      return null;
    }

    mark(element) {
      if (this.marked) this.marked.style.outline = '';
      this.marked = element;
      element.style.outline = '3px solid #d97706';
    }
  }

  window.wagtail.app.register('desk-preview', PreviewController);
})();
