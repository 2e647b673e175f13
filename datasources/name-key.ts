/** Letters that Unicode does not decompose into a base letter and marks. */
const undecomposed: Readonly<Record<string, string>> = {
  ß: "ss",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  æ: "ae",
  œ: "oe",
  ı: "i",
  ħ: "h",
  ŧ: "t",
  ŋ: "n",
  ə: "e",
};

/** No name in Atlas has a longer key. */
export const maxNameKeyLength = 70;

/**
 * A name as people type it: lower case, no accents, no apostrophes, other punctuation as one space.
 * `São Paulo` and `sao paulo` give `sao paulo`; `Nuku‘alofa` gives `nukualofa`; `Port-Vila` gives `port vila`.
 * The seed stores it, filters and searches ask with it, so both sides must use this one function.
 */
export function nameKey(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}+/gu, "")
    .replace(/[ßøłđðþæœıħŧŋə]/g, (letter) => undecomposed[letter] ?? letter)
    .replace(/['’‘`ʻʼʿʾ′]/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
