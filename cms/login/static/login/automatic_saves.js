// Keeps a form's automatic saves apart from its sending. A new page that was sent while its first
// automatic save was on its way was created twice.
window.automaticSaves = (() => {
  const underway = new Map();
  const held = new Set();

  // Wagtail dispatches these events on the form; a save that is prevented is not sent.
  const listen = (name, listener) => document.addEventListener(`w-autosave:${name}`, listener, true);

  listen('save', (event) => {
    const form = event.target;
    if (held.has(form)) {
      event.preventDefault();
      return;
    }
    let finish;
    const finished = new Promise((resolve) => {
      finish = resolve;
    });
    underway.set(form, { finished, finish });
  });

  const end = ({ target }) => {
    underway.get(target)?.finish();
    underway.delete(target);
  };
  listen('success', end);
  listen('error', end);

  // Wagtail calls every refusal a fault of the server; this one says what to do.
  listen('error', ({ detail }) => {
    if (detail.response?.error_code === 'session_ended') {
      detail.text = detail.response.error_message;
    }
  });

  // A page that comes back from the browser's cache is written in again.
  window.addEventListener('pageshow', () => held.clear());

  return {
    // Begin no more saves of a form.
    hold: (form) => held.add(form),
    release: (form) => held.delete(form),
    // Resolves when the save on its way, if there is one, has been answered.
    finished: async (form) => underway.get(form)?.finished,
  };
})();
