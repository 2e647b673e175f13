import { meros } from "meros/browser";
import type { Payload } from "./payload.ts";

/**
 * The payloads of a response, each as soon as it arrives: one for JSON, one per part of `multipart/mixed`, one per event of
 * `text/event-stream`.
 *
 * @throws Error for a response of another type, and for one that ends too early
 */
export async function* readPayloads(response: Response): AsyncGenerator<Payload, void> {
  const type = response.headers.get("content-type") ?? "";
  if (/^multipart\/mixed/i.test(type)) yield* readParts(response);
  else if (/^text\/event-stream/i.test(type)) yield* readEvents(response);
  else if (/^application\/([\w.-]+\+)?json/i.test(type)) yield await response.json();
  else throw new Error(`Expected a GraphQL response, got ${response.status} with the type ${JSON.stringify(type)}.`);
}

async function* readParts({ body, headers }: Response): AsyncGenerator<Payload, void> {
  // A response of its own: meros leaves the parts of one with an error status unread.
  const parts = await meros<Payload>(new Response(body, { headers }));
  if (parts instanceof Response) throw new Error("Expected a multipart response with a body, got one without.");
  let isLast = false;
  for await (const { json, body: part } of parts) {
    // A part may be without a content type.
    const payload: Payload = json ? part : JSON.parse(part);
    isLast = payload.hasNext !== true;
    yield payload;
  }
  if (!isLast) throw new Error("The response ended before its last part.");
}

async function* readEvents(response: Response): AsyncGenerator<Payload, void> {
  let text = "";
  for await (const chunk of textOf(response)) {
    text += chunk;
    const events = text.split(/\r?\n\r?\n/);
    text = events.pop() ?? "";
    for (const event of events) {
      const { name, data } = readEvent(event);
      if (name === "complete") return;
      if (data !== "") yield JSON.parse(data);
    }
  }
  throw new Error("The response ended before its last event.");
}

function readEvent(event: string): { name: string; data: string } {
  const lines = event.split(/\r?\n/);
  const values = (field: string) =>
    lines.filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).replace(/^ /, ""));
  return { name: values("event").at(-1) ?? "message", data: values("data").join("\n") };
}

async function* textOf(response: Response): AsyncGenerator<string, void> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      yield decoder.decode(read.value, { stream: true });
    }
  } finally {
    // Closes the connection of a reader that stops early.
    await reader.cancel();
  }
}
