import { differenceBetween } from "../answers.ts";

export interface CheckedAnswer {
  readonly data: unknown;
  /** Undefined where the answers to the bodies are not of one length. */
  readonly bodyBytes: number | undefined;
}

/** @throws Error when an answer to one of the bodies is not the expected one */
export async function checkAnswers(
  url: string,
  bodies: readonly string[],
  expected?: CheckedAnswer,
): Promise<CheckedAnswer> {
  const lengths = new Set<number>();
  let known = expected?.data;
  for (const body of bodies) {
    const text = await ask(url, body);
    lengths.add(Buffer.byteLength(text));
    const { data, errors } = JSON.parse(text);
    if (errors !== undefined) throw new Error(`answers with errors: ${JSON.stringify(errors).slice(0, 300)}`);
    known ??= data;
    const difference = differenceBetween(known, data);
    if (difference !== undefined) throw new Error(`answers otherwise: ${difference}`);
  }
  const [bodyBytes] = lengths;
  return { data: known, bodyBytes: lengths.size === 1 ? bodyBytes : undefined };
}

async function ask(url: string, body: string): Promise<string> {
  const headers = { "content-type": "application/json", accept: "application/json" };
  const response = await fetch(url, { method: "POST", headers, body });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`answers ${response.status}: ${text.slice(0, 300)}`);
  return text;
}
