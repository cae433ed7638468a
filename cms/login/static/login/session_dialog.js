// Lets people log in again beside what they are writing when their session has ended. Before a form
// is sent, the server is asked who is logged in; requests by scripts wait for the log-in.
(() => {
  const template = document.getElementById('session-dialog');
  const isEnded = (header) => header === 'ended';
  const send = window.fetch.bind(window);
  const { automaticSaves } = window;
  const { stateUrl, loginUrl, logoutUrl } = template.dataset;
  const whileVisible = 60_000;

  // Nobody is logged in on the log-in page, which is also what the dialog shows.
  if (document.querySelector('.login') || window.self !== window.top) return;

  // Whose page this is; the first answer says it.
  let owner;
  let token;
  // The open dialog: resolves to whether somebody is logged in again.
  let asking = null;
  // Closed without a log-in: only sending a form asks again.
  let isRefused = false;

  async function askState() {
    const response = await send(stateUrl, { cache: 'no-store', credentials: 'same-origin' });
    if (!response.ok) throw new Error(`${stateUrl} answered ${response.status}`);
    return response.json();
  }

  function isOwner(state) {
    return Boolean(state.user) && (owner === undefined || state.user === owner);
  }

  function accept(state) {
    owner = state.user;
    isRefused = false;
    token = state.csrf_token;
    // A log-in makes the tokens of older pages invalid.
    for (const input of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) {
      input.value = token;
    }
    if (window.wagtailConfig) window.wagtailConfig.CSRF_TOKEN = token;
  }

  function openDialog(state) {
    const dialog = template.content.firstElementChild.cloneNode(true);
    const iframe = dialog.querySelector('iframe');
    const path = new URL(stateUrl, window.location.href).pathname;

    return new Promise((resolve) => {
      let isLoggedIn = false;
      const finish = () => {
        isLoggedIn = true;
        accept(state);
        dialog.close();
      };
      const look = async () => {
        try {
          show(await askState());
        } catch {
          // The network's faults pass; the next look finds out.
        }
      };
      const show = (current) => {
        state = current;
        if (isOwner(current)) {
          finish();
          return;
        }
        dialog.querySelector('[data-user]').textContent = current.user ?? '';
        for (const part of dialog.querySelectorAll('[data-part]')) {
          part.hidden = (part.dataset.part === 'other') !== Boolean(current.user);
        }
        if (!current.user && !iframe.src) {
          iframe.src = `${loginUrl}?next=${encodeURIComponent(stateUrl)}`;
        }
      };
      // The log-in ends at the address of the state, whatever steps it took.
      iframe.addEventListener('load', () => {
        if (iframe.contentWindow.location.pathname === path) {
          iframe.removeAttribute('src');
          look();
        }
      });
      dialog.addEventListener('click', ({ target }) => {
        const { answer } = target.dataset;
        if (answer === 'go-on') finish();
        if (answer === 'close') dialog.close();
      });
      dialog.addEventListener('close', () => {
        dialog.remove();
        window.removeEventListener('focus', look);
        isRefused = !isLoggedIn;
        resolve(isLoggedIn);
      });
      // Somebody may have logged in again in another tab.
      window.addEventListener('focus', look);
      document.body.append(dialog);
      dialog.showModal();
      show(state);
    });
  }

  function logIn(state) {
    asking ??= openDialog(state).finally(() => {
      asking = null;
    });
    return asking;
  }

  // Whether a request may go out: true unless the person closed the dialog.
  async function ensureLoggedIn() {
    let state;
    try {
      state = await askState();
    } catch {
      return true;
    }
    if (isOwner(state)) {
      accept(state);
      return true;
    }
    return logIn(state);
  }

  function sendForm(form, submitter) {
    const wasDisabled = submitter?.disabled;
    // Wagtail disables the button that was pressed, and then its value would not be sent.
    if (wasDisabled) submitter.disabled = false;
    checked.add(form);
    form.requestSubmit(submitter);
    checked.delete(form);
    if (wasDisabled) submitter.disabled = true;
  }

  async function askAndSend(form, submitter) {
    automaticSaves.hold(form);
    if (!(await ensureLoggedIn())) {
      automaticSaves.release(form);
      return;
    }
    // It may be the save that creates the page; the form then goes to the page's own address.
    await automaticSaves.finished(form);
    sendForm(form, submitter);
  }

  const checked = new WeakSet();
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target;
      const method = event.submitter?.getAttribute('formmethod') ?? form.getAttribute('method');
      if (checked.has(form) || method?.toLowerCase() !== 'post') return;
      if (form.getAttribute('action') === logoutUrl) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      askAndSend(form, event.submitter);
    },
    true,
  );

  // Automatic saves and messages between editors: asked again after the log-in.
  window.fetch = async (resource, options) => {
    const response = await send(resource, options);
    if (!isEnded(response.headers.get('X-Session')) || isRefused) return response;
    if (!(await logIn({ user: null })) || resource instanceof Request) return response;
    const headers = new Headers(options?.headers);
    for (const name of headers.keys()) if (/csrf/i.test(name)) headers.set(name, token);
    if (options?.body instanceof FormData && options.body.has('csrfmiddlewaretoken')) {
      options.body.set('csrfmiddlewaretoken', token);
    }
    return send(resource, { ...options, headers });
  };

  // Choosers and other dialogs of Wagtail's use XMLHttpRequest. They say that they failed.
  const open = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function (...args) {
    this.addEventListener('load', () => {
      if (isEnded(this.getResponseHeader('X-Session')) && !isRefused) logIn({ user: null });
    });
    return open.apply(this, args);
  };

  const look = () => {
    if (document.visibilityState === 'visible' && !isRefused && !asking) ensureLoggedIn();
  };
  look();
  window.setInterval(look, whileVisible);
  document.addEventListener('visibilitychange', look);
})();
