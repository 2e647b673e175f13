/** A finding about an assumption of a batch read, or a useful fact. */
export interface Finding {
  readonly about:
    | "key field"
    | "rows per key"
    | "order"
    | "missing keys"
    | "duplicates"
    | "other rows"
    | "maximum"
    | "single read"
    | "caching";
  /** `broken`: the assumption is false, so the reader would fail or return wrong results. `seen`: a fact. */
  readonly verdict: "holds" | "broken" | "not tested" | "seen";
  readonly message: string;
}

export const holds = (about: Finding["about"], message: string): Finding => ({ about, verdict: "holds", message });
export const broken = (about: Finding["about"], message: string): Finding => ({ about, verdict: "broken", message });
export const seen = (about: Finding["about"], message: string): Finding => ({ about, verdict: "seen", message });
export const notTested = (about: Finding["about"], message: string): Finding => ({
  about,
  verdict: "not tested",
  message,
});
