/* Pasting formatted text: keeps what Draft.js would lose, and tells what no rich text can hold. */
(() => {
  const { registerPlugin } = window.draftail;
  const { BlockMapBuilder, CharacterMetadata, convertFromHTML, EditorState, Modifier } =
    window.DraftJS;
  const { dataTables, fill, parse, styleOf, takeOut } = window.pastedHtml;
  const HIGHEST_HEADING = 3;
  const LOWEST_HEADING = 4;
  // Private characters mark where a shifted text begins and ends: Draft.js reads no such tags.
  const MARKS = {
    SUP: { style: 'SUPERSCRIPT', begin: '\ue000', end: '\ue001' },
    SUB: { style: 'SUBSCRIPT', begin: '\ue002', end: '\ue003' },
  };
  const ANY_MARK = /[\ue000-\ue003]/g;
  const TOLD = ['tables', 'images', 'textBoxes', 'comments', 'changes', 'footnotes'];

  const renamed = (element, name) => {
    const made = element.ownerDocument.createElement(name);
    made.append(...element.childNodes);
    element.replaceWith(made);
    return made;
  };

  const unwrap = (element) => element.replaceWith(...element.childNodes);

  /* The level of a heading; 0 for anything else. Word writes some headings as paragraphs. */
  const levelOf = (element) => {
    if (/^H[1-6]$/.test(element.tagName)) return Number(element.tagName[1]);
    if (element.tagName !== 'P') return 0;
    const outline = /mso-outline-level:\s*([1-6])/i.exec(styleOf(element));
    const named = /^Mso(?:Heading([1-6])|(Title))$/.exec(element.className);
    return Number(outline?.[1] || named?.[1] || (named?.[2] ? 1 : 0));
  };

  /* Moves headings down to the levels that a text may have, and keeps their order. */
  const moveHeadings = (root) => {
    const headings = [...root.querySelectorAll('h1, h2, h3, h4, h5, h6, p')]
      .map((element) => ({ element, level: levelOf(element) }))
      .filter(({ element, level }) => level && element.textContent.trim());
    const down = Math.max(HIGHEST_HEADING - Math.min(...headings.map(({ level }) => level)), 0);
    headings.forEach(({ element, level }) => {
      const made = renamed(element, `h${Math.min(level + down, LOWEST_HEADING)}`);
      // A heading is bold by itself.
      made.querySelectorAll('b, strong').forEach(unwrap);
    });
    return headings.length;
  };

  const markShifted = (root) => {
    const shifted = [...root.querySelectorAll('sup, sub')].filter((one) => one.textContent.trim());
    shifted.forEach((element) => {
      const { begin, end } = MARKS[element.tagName];
      element.prepend(begin);
      element.append(end);
    });
    return shifted.length;
  };

  const takeTables = (root) => {
    const tables = dataTables(root);
    tables.forEach((table) => table.remove());
    // Any other table only arranges texts, each of which becomes a paragraph.
    root.querySelectorAll('td, th').forEach((cell) => renamed(cell, 'div'));
    root.querySelectorAll('caption, thead, tbody, tfoot, tr, table').forEach(unwrap);
    return tables.length;
  };

  const removeOwnMarks = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      walker.currentNode.data = walker.currentNode.data.replace(ANY_MARK, '');
    }
  };

  /* `{html, lost}`; html is null where Draft.js reads the clipboard well by itself. */
  const prepare = (given) => {
    const root = parse(given);
    removeOwnMarks(root);
    const lost = takeOut(root, given);
    lost.tables = takeTables(root);
    const changed = moveHeadings(root) + markShifted(root);
    const isChanged = changed > 0 || Object.values(lost).some((count) => count > 0);
    return { html: isChanged ? root.innerHTML : null, lost };
  };

  /* A block of Draft.js with styles in place of the marks. */
  const withStyles = (block) => {
    const styles = Object.values(MARKS);
    let active = [];
    let text = '';
    const kept = [];
    const characters = block.getCharacterList();
    [...block.getText()].reduce((at, character) => {
      const begun = styles.find(({ begin }) => begin === character);
      const ended = styles.find(({ end }) => end === character);
      if (begun) active = [...active, begun.style];
      else if (ended) active = active.filter((style) => style !== ended.style);
      else {
        text += character;
        // A character beyond the basic plane has two places in the list.
        for (let unit = 0; unit < character.length; unit += 1) {
          kept.push(active.reduce(CharacterMetadata.applyStyle, characters.get(at + unit)));
        }
      }
      return at + character.length;
    }, 0);
    return block.merge({ text, characterList: characters.clear().concat(kept) });
  };

  const inserted = (editorState, html) => {
    const { contentBlocks } = convertFromHTML(html);
    if (!contentBlocks || !contentBlocks.length) return editorState;
    const content = Modifier.replaceWithFragment(
      editorState.getCurrentContent(),
      editorState.getSelection(),
      BlockMapBuilder.createFromArray(contentBlocks.map(withStyles)),
    );
    // Draftail removes what the field does not allow after a change of this name.
    return EditorState.push(editorState, content, 'insert-fragment');
  };

  const icon = () => {
    const template = document.createElement('template');
    template.innerHTML =
      '<svg class="icon icon-warning" aria-hidden="true"><use href="#icon-warning"></use></svg>';
    return template.content;
  };

  const tell = (wrapper, texts, closeText) => {
    if (!wrapper) return;
    wrapper.parentNode.querySelector('.paste-notice')?.remove();
    if (!texts.length) return;
    const notice = document.createElement('div');
    notice.className = 'paste-notice help-block help-warning';
    notice.setAttribute('role', 'alert');
    notice.append(icon());
    texts.forEach((text) => {
      const paragraph = document.createElement('p');
      paragraph.textContent = text;
      notice.append(paragraph);
    });
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'button button-small button-secondary';
    close.textContent = closeText;
    close.addEventListener('click', () => {
      notice.remove();
      wrapper.querySelector('[contenteditable="true"]')?.focus();
    });
    notice.append(close);
    wrapper.after(notice);
  };

  function handlePastedText(_text, html, editorState, { setEditorState }) {
    // What was copied from an editor here is known exactly.
    if (!html || /data-(offset-key|draftjs-conductor-fragment)/.test(html)) return 'not-handled';
    const { html: prepared, lost } = prepare(html);
    const texts = TOLD.filter((name) => lost[name]).map((name) =>
      fill(this.messages[name], { count: lost[name] }),
    );
    const wrapper = document.activeElement?.closest('[data-draftail-editor-wrapper]');
    tell(wrapper, texts, this.messages.close);
    if (prepared === null) return 'not-handled';
    setEditorState(inserted(editorState, prepared));
    return 'handled';
  }

  registerPlugin({ type: 'paste-from-word', handlePastedText }, 'plugins');
  window.pastedText = { prepare };
})();
