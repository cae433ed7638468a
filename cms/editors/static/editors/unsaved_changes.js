// Wagtail finds changes by comparing a form with a snapshot, which it takes two seconds after the
// form has opened and again when an automatic save is answered. Text typed just before is part of
// the snapshot: it is not saved automatically, and nobody is warned who leaves the page.
(() => {
  const FORM = 'form[data-controller~="w-unsaved"]';
  // What a form held before it was first touched, or when its automatic save was sent.
  const snapshots = new WeakMap();
  // Forms that were touched while their automatic save was on its way.
  const touched = new WeakSet();
  const underway = new WeakSet();

  const controllerOf = (form) =>
    window.wagtail.app?.getControllerForElementAndIdentifier(form, 'w-unsaved');

  const touch = ({ target }) => {
    const form = target.form ?? target.closest?.(FORM);
    if (!form?.matches?.(FORM)) return;
    if (underway.has(form)) {
      touched.add(form);
      return;
    }
    const controller = controllerOf(form);
    if (!controller || controller.initialFormData || snapshots.has(form)) return;
    snapshots.set(form, controller.formData);
    touched.add(form);
  };

  // Each of these comes before the change that it makes.
  ['beforeinput', 'keydown', 'pointerdown', 'paste', 'drop'].forEach((name) =>
    document.addEventListener(name, touch, true),
  );

  document.addEventListener('w-autosave:save', ({ target }) => {
    const controller = controllerOf(target);
    if (!controller) return;
    snapshots.set(target, controller.formData);
    touched.delete(target);
    underway.add(target);
  });

  document.addEventListener('w-autosave:error', ({ target }) => underway.delete(target));

  // Wagtail has just taken its snapshot. After opening a form it may take more than one.
  document.addEventListener('w-unsaved:watch-edits', ({ target }) => {
    const snapshot = snapshots.get(target);
    const controller = controllerOf(target);
    if (snapshot !== undefined && controller && touched.has(target)) {
      controller.initialFormData = snapshot;
      controller.previousFormData = snapshot;
    }
    if (underway.delete(target)) {
      snapshots.delete(target);
      touched.delete(target);
    }
  });
})();
