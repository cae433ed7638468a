// Two texts that are fixed in the JavaScript of wagtail-localize's translation editor, in the language
// of the page. Only these very texts in their very places: what somebody translates stays as it is.
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
          // The node of the text is the editor's own and stays, so that it can go on from there.
          const node = element.firstChild;
          if (node && node.data === english) node.data = translated;
        }
      }
    };

    translate();
    new MutationObserver(translate).observe(editor, { childList: true, subtree: true });
  };

  // This script stands in the head, and the editor draws itself as soon as the page is there.
  document.addEventListener('DOMContentLoaded', start);
})();
