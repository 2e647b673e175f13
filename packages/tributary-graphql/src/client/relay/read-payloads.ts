import type { Payload } from "./payload.ts";

/**
 * The payloads of a response, each as soon as it arrives: one for JSON, one per part of `multipart/mixed`, one per
 * event of `text/event-stream`.
 *
 * meros 1.3.2 is not used: it loses a part when a delimiter is split between two chunks and the second chunk holds the
 * next delimiter too.
 * @throws Error for a response of another type, and for one that ends before its last part or event
 */
export async function* readPayloads(response: Response): AsyncGenerator<Payload, void> {
  const type = response.headers.get("content-type") ?? "";
  if (/^multipart\/mixed/i.test(type)) yield* readParts(response, boundaryOf(type));
  else if (/^text\/event-stream/i.test(type)) yield* readEvents(response);
  else if (/^application\/([\w.-]+\+)?json/i.test(type)) yield await response.json();
  else throw new Error(`Expected a GraphQL response, got ${response.status} with the type ${JSON.stringify(type)}.`);
}

const boundaryOf = (contentType: string): string => /boundary="?([^";]+)"?/i.exec(contentType)?.[1] ?? "-";

async function* readParts(response: Response, boundary: string): AsyncGenerator<Payload, void> {
  const delimiter = `\r\n--${boundary}`;
  // A body may start with the first delimiter, without the line break before it.
  let text = "\r\n";
  for await (const chunk of textOf(response)) {
    text += chunk;
    for (let end = text.indexOf(delimiter); end >= 0; end = text.indexOf(delimiter)) {
      const part = text.slice(0, end);
      text = text.slice(end + delimiter.length);
      const bodyAt = part.indexOf("\r\n\r\n");
      if (bodyAt >= 0) yield JSON.parse(part.slice(bodyAt));
    }
  }
  if (!text.startsWith("--")) throw new Error("The response ended before its last part.");
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
