import { nameKey } from "./name-key.ts";

/**
 * The regular expression that the countries service is searched with (it matches without regard to case): the text at
 * the start of a word, each letter also with its accents, each gap also as a hyphen or full stop. `sao` finds São Tomé.
 */
export function countryNamePattern(text: string): string {
  const words = nameKey(text)
    .split(" ")
    .map((word) => Array.from(word, (letter) => withAccents.get(letter) ?? letter).join("['’]?"));
  return `(^|[ (.,'’-])${words.join("[^a-z]+")}`;
}

/** For each plain letter the class of itself and the accented letters whose key it is: `[cçćĉċč]`. */
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
