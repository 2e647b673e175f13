import { differenceBetween } from "../differences.ts";

export interface CheckedResult {
  readonly data: unknown;
  /** Size of the responses; undefined if it differs between bodies. */
  readonly bodyBytes: number | undefined;
}

/** @throws Error if the result of a body differs from the expected one, or from that of the first body */
export async function checkResults(
  url: string,
  bodies: readonly string[],
  expected?: CheckedResult,
): Promise<CheckedResult> {
  const lengths = new Set<number>();
  let expectedData = expected?.data;
  for (const body of bodies) {
    const text = await post(url, body);
    lengths.add(Buffer.byteLength(text));
    const { data, errors } = JSON.parse(text);
    if (errors !== undefined) throw new Error(`has errors: ${JSON.stringify(errors).slice(0, 300)}`);
    expectedData ??= data;
    const difference = differenceBetween(expectedData, data);
    if (difference !== undefined) throw new Error(`has another result: ${difference}`);
  }
  const [bodyBytes] = lengths;
  return { data: expectedData, bodyBytes: lengths.size === 1 ? bodyBytes : undefined };
}

async function post(url: string, body: string): Promise<string> {
  const headers = { "content-type": "application/json", accept: "application/json" };
  const response = await fetch(url, { method: "POST", headers, body });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`responds with ${response.status}: ${text.slice(0, 300)}`);
  return text;
}
