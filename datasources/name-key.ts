/** Letters without a Unicode decomposition into a base letter and marks. */
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

/** Length of the longest key in Atlas' data. */
export const maxNameKeyLength = 70;

/**
 * Normalizes a name for comparison: lower case, no accents, no apostrophes, other punctuation as one space.
 * `São Paulo` and `sao paulo` give `sao paulo`; `Nuku‘alofa` gives `nukualofa`; `Port-Vila` gives `port vila`.
 * The seed stores keys and searches compare with them: a change of this function requires a new seed.
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
