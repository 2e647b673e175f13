import type { ToyAnswer } from "./toy-gateway.ts";

/** A response, or the bytes of its body. */
export type Body = Response | AsyncIterable<Uint8Array>;

/** The payloads of a multipart response, each as soon as its closing boundary has arrived. */
export async function* readMultipart(response: Body): AsyncGenerator<ToyAnswer, void, void> {
  let text = "";
  for await (const chunk of chunksOf(response)) {
    text += chunk;
    for (let end = text.indexOf("\r\n---"); end >= 0; end = text.indexOf("\r\n---")) {
      const part = text.slice(0, end);
      text = text.slice(end + "\r\n---".length);
      const bodyAt = part.indexOf("\r\n\r\n");
      if (bodyAt >= 0) yield JSON.parse(part.slice(bodyAt + 4));
    }
  }
  if (text !== "--\r\n")
    throw new Error(`The stream ended with ${JSON.stringify(text)}, expected the closing boundary.`);
}

/** The payloads of a `text/event-stream` response. */
export async function* readEvents(response: Body): AsyncGenerator<ToyAnswer, void, void> {
  let text = "";
  for await (const chunk of chunksOf(response)) text += chunk;
  const events = text.split("\n\n").filter((event) => event !== "" && !event.startsWith(":"));
  if (events.pop() !== "event: complete\ndata:") throw new Error('The stream did not end with an event "complete".');
  for (const event of events) yield JSON.parse(event.slice("event: next\ndata: ".length));
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** The next payload. Rejects at the end of the stream. */
export async function next<T>(items: AsyncIterator<T, void>): Promise<T> {
  const { done, value } = await items.next();
  if (done) throw new Error("The stream has ended.");
  return value;
}

async function* chunksOf(response: Body): AsyncGenerator<string, void, void> {
  const body = response instanceof Response ? response.body : response;
  if (!body) throw new Error("The response has no body.");
  const decoder = new TextDecoder();
  for await (const chunk of body) yield decoder.decode(chunk, { stream: true });
}
