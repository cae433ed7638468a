// Translate two texts that are hard-coded in the JavaScript of wagtail-localize's translation editor.
// Only exact matches in known places are replaced, never the translator's own text.
(() => {
  const { heading, moreActions } = document.currentScript.dataset;

  const start = () => {
    const editor = document.querySelector('.js-translation-editor[data-props]');
    if (!editor) return;

    const { sourceLocale, locale } = JSON.parse(editor.dataset.props);
    const [source, target] = [sourceLocale.displayName, locale.displayName];
    const texts = [
      [
        'section h3',
        `${source} to ${target} translation`,
        heading.replace('%(source)s', () => source).replace('%(target)s', () => target),
      ],
      ['.w-dropdown__toggle > .w-sr-only', 'More actions', moreActions],
    ];

    const translate = () => {
      for (const [selector, english, translated] of texts) {
        for (const element of editor.querySelectorAll(selector)) {
          // Change the text node in place: the editor (React) owns it.
          const node = element.firstChild;
          if (node && node.data === english) node.data = translated;
        }
      }
    };

    translate();
    new MutationObserver(translate).observe(editor, { childList: true, subtree: true });
  };

  // This script runs in the head; the editor renders once the document is parsed.
  document.addEventListener('DOMContentLoaded', start);
})();
