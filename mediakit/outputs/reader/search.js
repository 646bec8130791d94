"use strict";
// Finds words in Vietnamese text, however they are typed: `hoa` finds hòa, hoà, hóa and hoa, `hòa` finds hòa and hoà but
// not hoa. Composed and decomposed forms are the same. The last word may be begun only; words stand one after the other.
const vietnameseSearch = (() => {
  const WORD = /[\p{L}\p{M}\p{N}]+/gu;
  const TONES = /[\u0300\u0301\u0303\u0309\u0323]/gu;

  // A syllable as its letters with the marks of its vowels, its tone (which stands on either vowel of `oa`, `oe`, `uy`),
  // and its letters without any mark.
  const word = (match) => {
    const apart = match[0].toLowerCase().normalize("NFD");
    return {
      from: match.index,
      to: match.index + match[0].length,
      letters: apart.replace(TONES, ""),
      tone: (apart.match(TONES) ?? []).join(""),
      plain: apart.replace(/\p{M}/gu, "").replace(/đ/gu, "d"),
    };
  };

  /** The words of a text, to be looked through by `find`. */
  const words = (text) => [...text.matchAll(WORD)].map(word);

  const isWhole = (found, wanted) => found === wanted;
  const isBegun = (found, wanted) => found.startsWith(wanted);

  // What is typed without marks finds every mark; a word with a mark finds its own, and every tone where it has none.
  const fits = (found, wanted, same) =>
    wanted.plain === wanted.letters && !wanted.tone
      ? same(found.plain, wanted.plain)
      : same(found.letters, wanted.letters) && (!wanted.tone || found.tone === wanted.tone);

  /** Where the wanted words are among those of a text, as [from, to) in the text. */
  const find = (text, wanted) => {
    const places = [];
    const last = wanted.length - 1;
    for (let at = 0; last >= 0 && at + last < text.length; at += 1) {
      if (wanted.every((one, n) => fits(text[at + n], one, n < last ? isWhole : isBegun))) {
        places.push([text[at].from, text[at + last].to]);
        at += last;
      }
    }
    return places;
  };

  return { words, find };
})();
