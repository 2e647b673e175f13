import { nameKey } from "./name-key.ts";

/**
 * A regular expression for the search of the countries service, which ignores case. It matches the text at the start
 * of a word, letters with and without accents, and any punctuation between words: `sao` matches São Tomé.
 */
export function countryNamePattern(text: string): string {
  const words = nameKey(text)
    .split(" ")
    .map((word) => Array.from(word, (letter) => withAccents.get(letter) ?? letter).join("['’]?"));
  return `(^|[ (.,'’-])${words.join("[^a-z]+")}`;
}

/** The character class of each letter: itself and the accented letters with this key, such as `[cçćĉċč]`. */
const withAccents: ReadonlyMap<string, string> = (() => {
  const classes = new Map<string, string>();
  for (let codePoint = 0xdf; codePoint <= 0x17f; codePoint++) {
    const letter = String.fromCodePoint(codePoint);
    const plain = nameKey(letter);
    if (plain.length === 1 && letter === letter.toLowerCase()) {
      classes.set(plain, `${classes.get(plain) ?? plain}${letter}`);
    }
  }
  return new Map([...classes].map(([plain, letters]) => [plain, `[${letters}]`]));
})();
