/* References to Acts in the editor: choosing an Act and showing its reference. */
(() => {
  const { DraftUtils, ModalWorkflowSource, TooltipEntity, registerPlugin } = window.draftail;
  const { EditorState, Modifier } = window.DraftJS;
  const { Icon } = window.wagtail.components;
  const { createElement } = window.React;
  const TYPE = 'ACT';

  /* The selection without leading and trailing white space, which stays in the sentence. */
  const trimmed = (content, selection) => {
    const start = selection.getStartOffset();
    const text = content
      .getBlockForKey(selection.getStartKey())
      .getText()
      .slice(start, selection.getEndOffset());
    if (!text.trim()) return selection;
    return selection.merge({
      anchorOffset: start + text.length - text.trimStart().length,
      focusOffset: start + text.trimEnd().length,
      isBackward: false,
    });
  };

  class ActReferenceSource extends ModalWorkflowSource {
    getChooserConfig() {
      const locale = window.wagtailConfig.ACTIVE_CONTENT_LOCALE;
      return {
        url: this.props.entityType.chooserUrls.actChooser,
        urlParams: locale ? { locale } : {},
        onload: window.CHOOSER_MODAL_ONLOAD_HANDLERS,
        responses: { chosen: this.onChosen },
      };
    }

    /* The selection that the title replaces. */
    getTarget() {
      const { editorState, entity, entityKey } = this.props;
      const selection = editorState.getSelection();
      const start = selection.getStartOffset();
      if (entity && entity.getType() === TYPE) {
        const reference = DraftUtils.getEntitySelection(editorState, entityKey);
        const isInside =
          start > reference.getStartOffset() && start < reference.getEndOffset();
        // A cursor at the end of a reference is outside it.
        if (isInside || !selection.isCollapsed()) return reference;
      }
      if (selection.getStartKey() !== selection.getEndKey()) {
        // A selection across paragraphs is not replaced; the title goes at its end.
        return selection.merge({
          anchorKey: selection.getEndKey(),
          anchorOffset: selection.getEndOffset(),
          focusKey: selection.getEndKey(),
          focusOffset: selection.getEndOffset(),
          isBackward: false,
        });
      }
      return trimmed(editorState.getCurrentContent(), selection);
    }

    onChosen({ id, title, editUrl }) {
      const { editorState, onComplete } = this.props;
      const content = editorState
        .getCurrentContent()
        .createEntity(TYPE, 'IMMUTABLE', { id, title, editUrl });
      const changed = Modifier.replaceText(
        content,
        this.getTarget(),
        title,
        editorState.getCurrentInlineStyle(),
        content.getLastCreatedEntityKey(),
      );
      this.workflow.close();
      onComplete(EditorState.push(editorState, changed, 'insert-characters'));
    }
  }

  const ActReference = (props) => {
    const { title, problem, editUrl } = props.contentState
      .getEntity(props.entityKey)
      .getData();
    return createElement(TooltipEntity, {
      ...props,
      icon: createElement(Icon, { name: problem ? 'warning' : 'act-reference' }),
      label: problem || title,
      url: editUrl || null,
    });
  };

  registerPlugin({ type: TYPE, source: ActReferenceSource, decorator: ActReference }, 'entityTypes');
})();
