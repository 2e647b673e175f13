/** One finding: about an assumption of a batch read, or a useful fact. */
export interface Finding {
  readonly about:
    | "key field"
    | "rows per key"
    | "order"
    | "missing keys"
    | "duplicates"
    | "unasked rows"
    | "maximum"
    | "single read"
    | "caching";
  /** `broken`: the declaration is wrong about it, and its reader would give wrong answers or fail. */
  readonly verdict: "holds" | "broken" | "not tested" | "seen";
  readonly words: string;
}

export const holds = (about: Finding["about"], words: string): Finding => ({ about, verdict: "holds", words });
export const broken = (about: Finding["about"], words: string): Finding => ({ about, verdict: "broken", words });
export const seen = (about: Finding["about"], words: string): Finding => ({ about, verdict: "seen", words });
export const notTested = (about: Finding["about"], words: string): Finding => ({ about, verdict: "not tested", words });
