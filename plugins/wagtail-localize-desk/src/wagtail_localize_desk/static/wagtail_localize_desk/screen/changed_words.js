// What of an old translation has to change, as far as it can be told without knowing the languages.
(() => {
  const sentencesOf = (text, language) => {
    const segments = new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text);
    return [...segments].filter(({ segment }) => segment.trim());
  };

  // Where whole words stand in a text.
  const placesOf = (words, text) => {
    if (!/[\p{L}\p{N}]/u.test(words)) return [];
    const escaped = words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const whole = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu');
    return [...text.matchAll(whole)].map(({ index }) => [index, index + words.length]);
  };

  // Where the first of `lost` stands in a translation that has it once, such as a number or a name.
  function lostWords(lost, translation) {
    const places = lost.map((words) => placesOf(words, translation));
    return places.find((found) => found.length === 1)?.[0] ?? null;
  }

  // Where the sentences stand that have changed, if both languages have as many: the first to the
  // last of them. Each text is { text, language }.
  function changedSentences(before, now, translation) {
    if (!Intl.Segmenter) return null;
    const [old, current, own] = [before, now, translation].map(({ text, language }) =>
      sentencesOf(text, language),
    );
    if (old.length !== own.length) return null;
    const kept = new Set(current.map(({ segment }) => segment.trim()));
    const changed = own.filter((_sentence, number) => !kept.has(old[number].segment.trim()));
    if (!changed.length) return null;
    const last = changed[changed.length - 1];
    return [changed[0].index, last.index + last.segment.trimEnd().length];
  }

  Object.assign(window.translationDesk, { lostWords, changedSentences });
})();
