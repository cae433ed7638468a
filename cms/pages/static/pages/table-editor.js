/* The grid of a table block. Its cells are kept as JSON in one field of the form. */
(() => {
  const { fill } = window.pastedHtml;
  const FIRST_SIZE = 3;
  const MOST_STEPS_BACK = 50;
  const LOST = [
    'merged',
    'formatting',
    'otherTables',
    'textOutside',
    'images',
    'comments',
    'changes',
    'footnotes',
  ];

  const GROWS_BY_ITSELF = CSS.supports('field-sizing', 'content');

  /* Makes a cell as high as its text, where the browser cannot do that by the style sheet. */
  const fit = (field) => {
    if (GROWS_BY_ITSELF) return;
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
  };

  const newId = () =>
    [...crypto.getRandomValues(new Uint8Array(6))]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('');

  const newCell = (text = '') => ({ id: newId(), text });

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...children);
    return made;
  };

  const icon = (name) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', `icon icon-${name}`);
    svg.setAttribute('aria-hidden', 'true');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    use.setAttribute('href', `#icon-${name}`);
    svg.append(use);
    return svg;
  };

  const moved = (list, from, to) => {
    const rest = list.filter((_one, index) => index !== from);
    return [...rest.slice(0, to), list[from], ...rest.slice(to)];
  };

  /* Ids for pasted texts: a text that was there before keeps its id, and so its translation. */
  const withIds = (before, texts, top, left) => {
    const free = new Map();
    const claim = (text, wanted) => {
      const ids = free.get(text) || [];
      const at = Math.max(ids.indexOf(wanted), 0);
      return ids.length && text ? ids.splice(at, 1)[0] : undefined;
    };
    const old = (y, x) => before[top + y]?.[left + x];
    texts.forEach((row, y) =>
      row.forEach((_text, x) => {
        const cell = old(y, x);
        if (cell) free.set(cell.text, [...(free.get(cell.text) || []), cell.id]);
      }),
    );
    const cells = texts.map((row, y) =>
      row.map((text, x) => ({ id: claim(text, old(y, x)?.id), text })),
    );
    const taken = new Set(cells.flat().map((cell) => cell.id));
    cells.forEach((row, y) =>
      row.forEach((cell, x) => {
        const own = old(y, x)?.id;
        if (cell.id === undefined) cell.id = own && !taken.has(own) ? own : newId();
        taken.add(cell.id);
      }),
    );
    return cells;
  };

  class TableEditorController extends window.StimulusModule.Controller {
    static targets = ['input'];

    static values = { messages: Object, maxCells: Number, maxColumns: Number };

    connect() {
      this.rows = this.stored();
      this.current = { row: 0, column: 0 };
      this.history = [];
      this.build();
      this.render();
      this.markHeaders = this.markHeaders.bind(this);
      this.form = this.element.closest('form');
      this.form?.addEventListener('change', this.markHeaders);
      this.markHeaders();
      // Wagtail focuses the field of a form that has an error.
      this.inputTarget.focus = () => this.focusCell(0, 0);
    }

    disconnect() {
      this.form?.removeEventListener('change', this.markHeaders);
      this.parts.forEach((part) => part.remove());
    }

    stored() {
      let rows = [];
      try {
        rows = JSON.parse(this.inputTarget.value || '[]');
      } catch {
        // What is not JSON never was a table; the server says so.
      }
      const empty = () => Array.from({ length: FIRST_SIZE }, () => newCell());
      return rows.length && rows[0].length
        ? rows.map((row) => row.map((cell) => ({ id: cell.id, text: cell.text })))
        : Array.from({ length: FIRST_SIZE }, empty);
    }

    save() {
      this.inputTarget.value = JSON.stringify(this.rows);
      this.inputTarget.dispatchEvent(new Event('change', { bubbles: true }));
    }

    text(name, values = {}) {
      return fill(this.messagesValue[name], values);
    }

    build() {
      const id = this.inputTarget.id;
      this.grid = element('table', {
        'class': 'table-editor__grid',
        'aria-label': this.text('grid'),
        'aria-describedby': `${id}-keys`,
      });
      this.grid.addEventListener('input', (event) => this.onInput(event));
      this.grid.addEventListener('keydown', (event) => this.onKey(event));
      this.grid.addEventListener('paste', (event) => this.onPaste(event));
      this.grid.addEventListener('focusin', (event) => this.onFocus(event));
      this.rowName = element('span', { class: 'table-editor__name' });
      this.columnName = element('span', { class: 'table-editor__name' });
      this.tools = element(
        'div',
        { 'class': 'table-editor__tools', 'role': 'group', 'aria-label': this.text('tools') },
        this.group(this.rowName, [
          ['insertRow', 'plus'],
          ['moveRowUp', 'arrow-up'],
          ['moveRowDown', 'arrow-down'],
          ['deleteRow', 'bin'],
        ]),
        this.group(this.columnName, [
          ['insertColumn', 'plus'],
          ['moveColumnLeft', 'arrow-left'],
          ['moveColumnRight', 'arrow-right'],
          ['deleteColumn', 'bin'],
        ]),
        this.group('', [['undo', null]]),
      );
      this.status = element('div', { class: 'table-editor__status', role: 'status' });
      this.parts = [
        element('div', { class: 'table-editor__scroll' }, this.grid),
        element('div', { class: 'table-editor__bar' }, this.tools, this.status),
        element('p', { class: 'table-editor__keys help', id: `${id}-keys` }, this.text('keys')),
      ];
      this.element.append(...this.parts);
    }

    group(name, tools) {
      const buttons = tools.map(([action, iconName]) => {
        const label = this.text(action);
        const button = element('button', { type: 'button', class: 'table-editor__tool' });
        if (iconName) {
          button.append(icon(iconName));
          button.setAttribute('aria-label', label);
          button.title = label;
        } else {
          button.append(label);
        }
        button.dataset.tool = action;
        button.addEventListener('click', () => this[action]());
        return button;
      });
      return element('div', { class: 'table-editor__group' }, name, ...buttons);
    }

    render() {
      const numbers = this.rows[0].map((_cell, x) => element('th', { scope: 'col' }, `${x + 1}`));
      const head = element('thead', {}, element('tr', {}, element('td'), ...numbers));
      const body = element('tbody');
      this.rows.forEach((row, y) => {
        const line = element('tr', {}, element('th', { scope: 'row' }, `${y + 1}`));
        row.forEach((cell, x) => {
          const field = element('textarea', {
            'rows': '1',
            'class': 'table-editor__cell',
            'aria-label': this.text('cell', { row: y + 1, column: x + 1 }),
            'tabindex': '-1',
          });
          field.value = cell.text;
          field.dataset.row = y;
          field.dataset.column = x;
          line.append(element('td', {}, field));
        });
        body.append(line);
      });
      this.grid.replaceChildren(head, body);
      this.grid.querySelectorAll('textarea').forEach(fit);
      this.current = {
        row: Math.min(this.current.row, this.rows.length - 1),
        column: Math.min(this.current.column, this.rows[0].length - 1),
      };
      this.showCurrent();
    }

    field(row, column) {
      return this.grid.querySelector(`[data-row="${row}"][data-column="${column}"]`);
    }

    /* One cell is in the order of tabs, so the table is passed with one key from outside. */
    showCurrent() {
      const { row, column } = this.current;
      this.grid.querySelector('[tabindex="0"]')?.setAttribute('tabindex', '-1');
      this.field(row, column).setAttribute('tabindex', '0');
      this.rowName.textContent = this.text('rowName', { row: row + 1 });
      this.columnName.textContent = this.text('columnName', { column: column + 1 });
      const off = {
        moveRowUp: row === 0,
        moveRowDown: row === this.rows.length - 1,
        deleteRow: this.rows.length === 1,
        moveColumnLeft: column === 0,
        moveColumnRight: column === this.rows[0].length - 1,
        deleteColumn: this.rows[0].length === 1,
        undo: this.history.length === 0,
      };
      // Not `disabled`: the button that was just used would lose the focus.
      this.tools.querySelectorAll('[data-tool]').forEach((button) => {
        button.setAttribute('aria-disabled', `${Boolean(off[button.dataset.tool])}`);
      });
    }

    focusCell(row, column) {
      this.current = { row, column };
      const field = this.field(row, column);
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
    }

    say(...messages) {
      this.status.replaceChildren(...messages.map((message) => element('p', {}, message)));
    }

    /* Where a table block has its two choices of headers, the grid shows them. */
    markHeaders() {
      const prefix = this.inputTarget.name.replace(/-rows$/, '');
      ['row', 'column'].forEach((kind) => {
        const [box] = document.getElementsByName(`${prefix}-first_${kind}_is_header`);
        this.grid.classList.toggle(`table-editor__grid--header-${kind}`, Boolean(box?.checked));
      });
    }

    /* Keeps the rows as they are now as a step to go back to. */
    remember() {
      this.history = [...this.history.slice(1 - MOST_STEPS_BACK), JSON.stringify(this.rows)];
    }

    change(make, focus, ...messages) {
      this.remember();
      this.typedIn = null;
      this.rows = make(this.rows);
      this.current = focus;
      this.render();
      this.save();
      this.say(...messages);
    }

    isOff(tool) {
      const button = this.tools.querySelector(`[data-tool="${tool}"]`);
      return button.getAttribute('aria-disabled') === 'true';
    }

    insertRow() {
      const { row, column } = this.current;
      const added = this.rows[0].map(() => newCell());
      this.change(
        (rows) => [...rows.slice(0, row + 1), added, ...rows.slice(row + 1)],
        { row: row + 1, column },
        this.text('rowInserted', { row: row + 2 }),
      );
    }

    insertColumn() {
      const { row, column } = this.current;
      if (this.rows[0].length >= this.maxColumnsValue) {
        this.sayTooLarge(this.rows.length, this.rows[0].length + 1);
        return;
      }
      this.change(
        (rows) =>
          rows.map((cells) => [
            ...cells.slice(0, column + 1),
            newCell(),
            ...cells.slice(column + 1),
          ]),
        { row, column: column + 1 },
        this.text('columnInserted', { column: column + 2 }),
      );
    }

    moveRow(tool, step) {
      if (this.isOff(tool)) return;
      const { row, column } = this.current;
      this.change(
        (rows) => moved(rows, row, row + step),
        { row: row + step, column },
        this.text('rowMoved', { row: row + step + 1 }),
      );
    }

    moveRowUp() {
      this.moveRow('moveRowUp', -1);
    }

    moveRowDown() {
      this.moveRow('moveRowDown', 1);
    }

    moveColumn(tool, step) {
      if (this.isOff(tool)) return;
      const { row, column } = this.current;
      this.change(
        (rows) => rows.map((cells) => moved(cells, column, column + step)),
        { row, column: column + step },
        this.text('columnMoved', { column: column + step + 1 }),
      );
    }

    moveColumnLeft() {
      this.moveColumn('moveColumnLeft', -1);
    }

    moveColumnRight() {
      this.moveColumn('moveColumnRight', 1);
    }

    deleteRow() {
      if (this.isOff('deleteRow')) return;
      const { row } = this.current;
      this.change(
        (rows) => rows.filter((_cells, y) => y !== row),
        this.current,
        this.text('rowDeleted', { row: row + 1 }),
      );
    }

    deleteColumn() {
      if (this.isOff('deleteColumn')) return;
      const { column } = this.current;
      this.change(
        (rows) => rows.map((cells) => cells.filter((_cell, x) => x !== column)),
        this.current,
        this.text('columnDeleted', { column: column + 1 }),
      );
    }

    undo() {
      if (this.isOff('undo')) return;
      this.rows = JSON.parse(this.history.pop());
      this.typedIn = null;
      this.render();
      this.save();
      this.say(this.text('undone'));
    }

    onInput(event) {
      const { row, column } = event.target.dataset;
      // What is typed into one cell is one step, so going back further never loses it unseen.
      if (this.typedIn !== event.target) {
        this.remember();
        this.typedIn = event.target;
        this.showCurrent();
      }
      this.rows[row][column].text = event.target.value;
      fit(event.target);
      this.save();
    }

    onFocus(event) {
      const { row, column } = event.target.dataset;
      this.current = { row: Number(row), column: Number(column) };
      this.typedIn = null;
      this.showCurrent();
    }

    onKey(event) {
      if (event.isComposing || event.altKey) return;
      const target = this.targetOf(event);
      if (!target) return;
      event.preventDefault();
      event.stopPropagation();
      if (target === 'tools') {
        this.tools.querySelector('[data-tool]').focus();
      } else if (target.row === this.rows.length) {
        this.insertRow();
        this.focusCell(target.row, target.column);
      } else {
        this.focusCell(target.row, target.column);
      }
    }

    /* Where a key leads: a cell, the tools, or nowhere but where the browser takes it. */
    targetOf(event) {
      const { row, column } = this.current;
      const field = event.target;
      const start = field.selectionStart;
      const isCaret = start === field.selectionEnd;
      const last = { row: this.rows.length - 1, column: this.rows[0].length - 1 };
      const along = (step) => {
        const place = row * (last.column + 1) + column + step;
        const width = last.column + 1;
        const isInside = place >= 0 && place < width * (last.row + 1);
        return isInside ? { row: Math.floor(place / width), column: place % width } : null;
      };
      if (event.key === 'Escape') return 'tools';
      if (event.key === 'Tab' && !event.ctrlKey) return along(event.shiftKey ? -1 : 1);
      if (event.ctrlKey && event.key === 'Home') return { row: 0, column: 0 };
      if (event.ctrlKey && event.key === 'End') return last;
      if (event.shiftKey || event.ctrlKey || event.metaKey) return null;
      if (event.key === 'Enter') return { row: row + 1, column };
      if (!isCaret) return null;
      const before = field.value.slice(0, start);
      const after = field.value.slice(start);
      if (event.key === 'ArrowUp' && row > 0 && !before.includes('\n')) {
        return { row: row - 1, column };
      }
      if (event.key === 'ArrowDown' && row < last.row && !after.includes('\n')) {
        return { row: row + 1, column };
      }
      if (event.key === 'ArrowLeft' && !before) return along(-1);
      if (event.key === 'ArrowRight' && !after) return along(1);
      return null;
    }

    onPaste(event) {
      const html = event.clipboardData.getData('text/html');
      const text = event.clipboardData.getData('text/plain');
      const found = (html && window.pastedTable.fromHtml(html)) || window.pastedTable.fromText(text);
      if (!found) return;
      event.preventDefault();
      if (found.rows.length === 1 && found.rows[0].length === 1) {
        const field = event.target;
        field.setRangeText(found.rows[0][0], field.selectionStart, field.selectionEnd, 'end');
        field.dispatchEvent(new Event('input', { bubbles: true }));
      } else {
        this.pasteTable(found);
      }
    }

    sayTooLarge(rows, columns) {
      this.say(
        this.text('tooLarge', {
          cells: rows * columns,
          columns,
          mostCells: this.maxCellsValue,
          mostColumns: this.maxColumnsValue,
        }),
      );
    }

    pasteTable({ rows: texts, lost }) {
      const { row: top, column: left } = this.current;
      const bottom = top + texts.length;
      const right = left + texts[0].length;
      const isUsed = (y, x) => this.rows[y]?.[x]?.text.trim();
      // Empty rows and columns beyond what is pasted are those that an empty table begins with.
      let height = Math.max(bottom, this.rows.length);
      while (height > bottom && !this.rows[height - 1].some((_cell, x) => isUsed(height - 1, x))) {
        height -= 1;
      }
      let width = Math.max(right, this.rows[0].length);
      while (width > right && !this.rows.some((_row, y) => isUsed(y, width - 1))) width -= 1;
      if (height * width > this.maxCellsValue || width > this.maxColumnsValue) {
        this.sayTooLarge(height, width);
        return;
      }
      const pasted = withIds(this.rows, texts, top, left);
      const lostNames = LOST.filter((name) => lost[name]);
      this.change(
        (rows) =>
          Array.from({ length: height }, (_row, y) =>
            Array.from(
              { length: width },
              (_cell, x) => pasted[y - top]?.[x - left] || rows[y]?.[x] || newCell(),
            ),
          ),
        { row: top, column: left },
        this.text('pasted', { rows: texts.length, columns: texts[0].length }),
        ...lostNames.map((name) => this.text(name, { count: lost[name] })),
      );
      this.focusCell(top, left);
    }
  }

  window.wagtail.app.register('table-editor', TableEditorController);
})();
