// Format dates and numbers in the page's language where a script passes no locale. The browser's
// default is its own language.
(() => {
  const withDefault = (locales) =>
    locales === undefined || locales.length === 0 ? document.documentElement.lang : locales;

  for (const name of ['DateTimeFormat', 'NumberFormat', 'RelativeTimeFormat']) {
    const Original = Intl[name];
    Intl[name] = new Proxy(Original, {
      construct: (target, [locales, ...more]) => new target(withDefault(locales), ...more),
      apply: (target, self, [locales, ...more]) => new target(withDefault(locales), ...more),
    });
  }

  for (const name of ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString']) {
    const original = Date.prototype[name];
    Date.prototype[name] = function (locales, ...more) {
      return original.call(this, withDefault(locales), ...more);
    };
  }
})();
