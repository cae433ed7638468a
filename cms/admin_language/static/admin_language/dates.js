// Dates and numbers in the language of the page where a script asks for no language of its own: by
// itself the browser takes the one that it was installed in.
(() => {
  const here = (locales) =>
    locales === undefined || locales.length === 0 ? document.documentElement.lang : locales;

  for (const name of ['DateTimeFormat', 'NumberFormat', 'RelativeTimeFormat']) {
    const Original = Intl[name];
    Intl[name] = new Proxy(Original, {
      construct: (target, [locales, ...more]) => new target(here(locales), ...more),
      apply: (target, self, [locales, ...more]) => new target(here(locales), ...more),
    });
  }

  for (const name of ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString']) {
    const original = Date.prototype[name];
    Date.prototype[name] = function (locales, ...more) {
      return original.call(this, here(locales), ...more);
    };
  }
})();
