/* What a clipboard's HTML has that the editors cannot keep. Used by both kinds of editor. */
(() => {
  const parse = (html) => new DOMParser().parseFromString(html, 'text/html').body;

  const styleOf = (element) => element.getAttribute('style') || '';

  const withStyle = (root, pattern) =>
    [...root.querySelectorAll('[style]')].filter((element) => pattern.test(styleOf(element)));

  const removed = (elements) => {
    elements.forEach((element) => element.remove());
    return elements.length;
  };

  const takeFootnotes = (root) => {
    removed(withStyle(root, /mso-element:\s*(footnote|endnote)-list/i));
    removed([...root.querySelectorAll('div[id^="sdfootnote"], div[id^="sdendnote"]')]);
    return removed([
      ...root.querySelectorAll(
        'a[href^="#_ftn"], a[href^="#_edn"], a[href^="#ftnt"], a.sdfootnoteanc, a.sdendnoteanc',
      ),
    ]);
  };

  const takeComments = (root) => {
    removed(withStyle(root, /mso-element:\s*comment-list/i));
    removed([...root.querySelectorAll('.msocomtxt, hr.msocomoff')]);
    return removed([...root.querySelectorAll('a.msocomanchor')]);
  };

  /* Accepts tracked changes. Text that is merely underlined or struck through has no author. */
  const takeChanges = (root) => {
    const inserted = [...root.querySelectorAll('ins[cite], ins[datetime], span.msoIns')];
    const deleted = [...root.querySelectorAll('del[cite], del[datetime], span.msoDel')];
    inserted.forEach((element) => element.replaceWith(...element.childNodes));
    return inserted.length + removed(deleted);
  };

  /* A text box is in a comment that only Word reads; other programs get a picture of it. */
  const takePictures = (root, html) => {
    const pictures = [...root.querySelectorAll('img, svg, object, embed')];
    const ofBoxes = pictures.filter((element) =>
      /Text_x0020_Box/i.test(element.getAttribute('v:shapes') || ''),
    );
    const boxes = (html.match(/<v:textbox\b/gi) || []).length;
    removed(pictures);
    return {
      images: pictures.length - ofBoxes.length,
      textBoxes: Math.max(boxes, ofBoxes.length),
    };
  };

  /* Removes from `root` what no editor here can keep; returns how many of each. */
  const takeOut = (root, html) => {
    removed([...root.querySelectorAll('script, style, template, title, meta, link, xml')]);
    const footnotes = takeFootnotes(root);
    const comments = takeComments(root);
    const changes = takeChanges(root);
    return { ...takePictures(root, html), footnotes, comments, changes };
  };

  /* Tables of data. One that only arranges text has a single row or column, or tables within. */
  const dataTables = (root) =>
    [...root.querySelectorAll('table')].filter(
      (table) =>
        !table.querySelector('table') &&
        table.rows.length > 1 &&
        [...table.rows].some((row) => row.cells.length > 1),
    );

  const fill = (message, values) =>
    message.replace(/\{\{(\w+)\}\}/g, (_match, name) => values[name]);

  window.pastedHtml = { dataTables, fill, parse, styleOf, takeOut };
})();
