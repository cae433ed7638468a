/* The table in a clipboard, as rows of plain texts, and what was lost on the way. */
(() => {
  const { dataTables, parse, takeOut } = window.pastedHtml;
  const MOST_COLUMNS_OF_A_CELL = 100;
  const MOST_ROWS_OF_A_CELL = 5000;
  const BLOCKS = 'ADDRESS,BLOCKQUOTE,DIV,DL,DD,DT,H1,H2,H3,H4,H5,H6,LI,OL,P,PRE,UL'.split(',');
  const RAISED = Object.fromEntries([
    ...[...'0123456789+-=()'].map((plain, i) => [plain, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾'][i]]),
    ['n', 'ⁿ'],
    ['*', '*'],
  ]);
  const LOWERED = Object.fromEntries(
    [...'0123456789+-=()'].map((plain, i) => [plain, [...'₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎'][i]]),
  );

  const collapsed = (text) => text.replace(/[\s\u00a0]+/g, ' ');

  /* Characters such as ² keep the meaning of raised and lowered digits in plain text. */
  const shifted = (text, characters) => {
    const found = [...text].map((character) => characters[character]);
    return found.every(Boolean) ? found.join('') : null;
  };

  class CellReader {
    constructor() {
      this.text = '';
      this.formatted = '';
      this.hasMarkup = false;
    }

    read(cell) {
      this.walk(cell, false);
      this.text = this.text
        .split('\n')
        .map((line) => collapsed(line).trim())
        .join('\n')
        .replace(/\n{2,}/g, '\n')
        .trim();
      // Formatting of the whole cell marks a header, which the table block knows itself.
      const marked = collapsed(this.formatted).trim();
      if (marked && marked !== collapsed(this.text)) this.hasMarkup = true;
      return this;
    }

    add(text, isFormatted) {
      this.text += text;
      if (isFormatted) this.formatted += text;
    }

    walk(node, isFormatted) {
      node.childNodes.forEach((child) => {
        if (child.nodeType === Node.TEXT_NODE) {
          this.add(collapsed(child.data), isFormatted);
        } else if (child.nodeType === Node.ELEMENT_NODE) {
          this.element(child, isFormatted);
        }
      });
    }

    element(element, isFormatted) {
      const name = element.tagName;
      if (name === 'BR') {
        this.add('\n', isFormatted);
      } else if (name === 'SUP' || name === 'SUB') {
        const text = collapsed(element.textContent).trim();
        const found = shifted(text, name === 'SUP' ? RAISED : LOWERED);
        if (found === null) this.hasMarkup = true;
        this.add(found ?? text, isFormatted);
      } else {
        if (name === 'LI' || (name === 'A' && element.hasAttribute('href'))) this.hasMarkup = true;
        const isBlock = BLOCKS.includes(name);
        if (isBlock) this.text += '\n';
        this.walk(element, isFormatted || ['B', 'STRONG', 'I', 'EM', 'U', 'S'].includes(name));
        if (isBlock) this.text += '\n';
      }
    }
  }

  const span = (cell, name, most) => {
    const written = parseInt(cell.getAttribute(name), 10);
    return Math.min(Math.max(Number.isNaN(written) ? 1 : written, 1), most);
  };

  /* The cells of a table as a rectangle; a merged cell is repeated in all that it covers. */
  const rectangle = (table) => {
    const rows = [...table.rows];
    const grid = rows.map(() => []);
    const lost = { merged: 0, formatting: 0 };
    rows.forEach((row, y) => {
      let x = 0;
      [...row.cells].forEach((cell) => {
        while (grid[y][x] !== undefined) x += 1;
        const width = span(cell, 'colspan', MOST_COLUMNS_OF_A_CELL);
        const height = Math.min(span(cell, 'rowspan', MOST_ROWS_OF_A_CELL), rows.length - y);
        const reader = new CellReader().read(cell);
        if (reader.hasMarkup) lost.formatting += 1;
        if ((width > 1 || height > 1) && reader.text) lost.merged += 1;
        for (let below = 0; below < height; below += 1) {
          for (let right = 0; right < width; right += 1) {
            grid[y + below][x + right] ??= reader.text;
          }
        }
        x += width;
      });
    });
    const width = Math.max(...grid.map((row) => row.length));
    return {
      rows: grid.map((row) => Array.from({ length: width }, (_unused, x) => row[x] ?? '')),
      lost,
    };
  };

  /* `{rows, lost}` of the first table in a clipboard's HTML; null without a table. */
  const fromHtml = (html) => {
    const root = parse(html);
    const lost = takeOut(root, html);
    const tables = dataTables(root);
    const table = tables[0] || [...root.querySelectorAll('table')].find((one) => one.rows.length);
    if (!table || table.querySelector('table')) return null;
    const found = rectangle(table);
    removeAll([table, ...tables]);
    return {
      rows: found.rows,
      lost: {
        ...lost,
        ...found.lost,
        otherTables: Math.max(tables.length - 1, 0),
        textOutside: collapsed(root.textContent).trim() ? 1 : 0,
      },
    };
  };

  const removeAll = (elements) => elements.forEach((element) => element.remove());

  /* The cells of a line that begins at `start`, in which a spreadsheet quotes line breaks. */
  const readCell = (text, start) => {
    const quoted = /"((?:[^"]|"")*)"(?=[\t\n]|$)/y;
    quoted.lastIndex = start;
    const match = quoted.exec(text);
    if (match) return { text: match[1].replaceAll('""', '"'), end: quoted.lastIndex };
    const rest = text.slice(start).search(/[\t\n]/);
    const end = rest < 0 ? text.length : start + rest;
    return { text: text.slice(start, end), end };
  };

  /* `{rows, lost}` of text with tabs between cells; null without a tab. */
  const fromText = (given) => {
    const text = given.replace(/\r\n?/g, '\n').replace(/\n$/, '');
    if (!text.includes('\t')) return null;
    const rows = [[]];
    for (let at = 0; ; ) {
      const cell = readCell(text, at);
      rows.at(-1).push(cell.text.trim());
      if (cell.end >= text.length) break;
      if (text[cell.end] === '\n') rows.push([]);
      at = cell.end + 1;
    }
    const width = Math.max(...rows.map((row) => row.length));
    return { rows: rows.map((row) => [...row, ...Array(width - row.length).fill('')]), lost: {} };
  };

  window.pastedTable = { fromHtml, fromText };
})();
