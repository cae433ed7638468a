// Wagtail finds changes by comparing a form with a snapshot, which it takes two seconds after the
// form has opened and again when an automatic save is answered. Text typed just before is part of
// the snapshot: it is not saved automatically, and nobody is warned who leaves the page.
(() => {
  const FORM = 'form[data-controller~="w-unsaved"]';
  // Editors of rich text cancel the event of their own keys, so no change follows it.
  const EDITING_KEYS = ['Backspace', 'Delete', 'Enter'];
  // What a form held before it was first touched, or when its automatic save was sent.
  const snapshots = new WeakMap();
  // Forms that somebody has edited since. Widgets rewrite their values while they start, so a
  // form that was only clicked into may differ from its snapshot.
  const edited = new WeakSet();
  const underway = new WeakSet();

  const controllerOf = (form) =>
    window.wagtail.app?.getControllerForElementAndIdentifier(form, 'w-unsaved');

  const formAround = (target) => {
    const form = target.form ?? target.closest?.(FORM);
    return form?.matches?.(FORM) ? form : null;
  };

  const edits = (event) => {
    if (event.type === 'keydown') return EDITING_KEYS.includes(event.key);
    if (event.type === 'click') return Boolean(event.target.closest?.('button'));
    // Widgets send this themselves while they start.
    if (event.type === 'change') return event.isTrusted;
    return event.type !== 'pointerdown';
  };

  const note = (event) => {
    const form = formAround(event.target);
    if (!form) return;
    if (!underway.has(form)) {
      const controller = controllerOf(form);
      if (!controller || controller.initialFormData) return;
      if (!snapshots.has(form)) snapshots.set(form, controller.formData);
    }
    if (edits(event)) edited.add(form);
  };

  // Each of these comes before the change that it makes, or after a pointer was pressed.
  ['beforeinput', 'change', 'click', 'cut', 'drop', 'keydown', 'paste', 'pointerdown'].forEach(
    (name) => document.addEventListener(name, note, true),
  );

  document.addEventListener('w-autosave:save', ({ target }) => {
    const controller = controllerOf(target);
    if (!controller) return;
    snapshots.set(target, controller.formData);
    edited.delete(target);
    underway.add(target);
  });

  document.addEventListener('w-autosave:error', ({ target }) => underway.delete(target));

  // Wagtail has just taken its snapshot. After opening a form it may take more than one.
  document.addEventListener('w-unsaved:watch-edits', ({ target }) => {
    const snapshot = snapshots.get(target);
    const controller = controllerOf(target);
    if (snapshot !== undefined && controller && edited.has(target)) {
      controller.initialFormData = snapshot;
      controller.previousFormData = snapshot;
    }
    if (underway.delete(target)) {
      snapshots.delete(target);
      edited.delete(target);
    }
  });
})();
