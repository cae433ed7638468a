// Requests of the translator's screen: they say whether the server answered, and with what.
(() => {
  const token = () => document.querySelector('input[name="csrfmiddlewaretoken"]').value;

  // Resolves to { outcome, reason, ... }; `offline` and `loggedOut` are ours, the rest the server's.
  async function send(url, method, body) {
    let response;
    try {
      response = await fetch(url, {
        method,
        body,
        credentials: 'same-origin',
        headers: { 'X-CSRFToken': token(), 'X-Requested-With': 'XMLHttpRequest' },
      });
    } catch {
      return { outcome: 'offline', reason: '' };
    }
    const type = response.headers.get('Content-Type') ?? '';
    if (response.redirected) return { outcome: 'loggedOut', reason: '' };
    const answer = type.includes('application/json') ? await response.json() : {};
    if (answer.outcome) return answer;
    if (response.ok) return { outcome: 'saved', reason: '', answer };
    if (response.status >= 500) return { outcome: 'offline', reason: '' };
    return { outcome: 'refused', reason: answer.detail ?? response.statusText };
  }

  // Resolves to { content } or { outcome, reason }.
  async function html(url) {
    let response;
    try {
      response = await fetch(url, {
        credentials: 'same-origin',
        headers: { 'X-Requested-With': 'XMLHttpRequest' },
      });
    } catch {
      return { outcome: 'offline', reason: '' };
    }
    if (response.redirected) return { outcome: 'loggedOut', reason: '' };
    if (response.ok) return { content: await response.text() };
    if (response.status >= 500) return { outcome: 'offline', reason: '' };
    const type = response.headers.get('Content-Type') ?? '';
    const { detail } = type.includes('application/json') ? await response.json() : {};
    return { outcome: 'refused', reason: detail ?? response.statusText };
  }

  window.translationDesk = { send, html };
})();
