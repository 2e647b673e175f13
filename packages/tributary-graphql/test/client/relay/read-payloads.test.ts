import { collect } from "tributary-testing/read-stream.ts";
import { expect, test } from "vitest";
import { readPayloads } from "../../../src/client/relay/read-payloads.ts";

const encode = (text: string) => new TextEncoder().encode(text);

function responseOf(chunks: readonly Uint8Array[], contentType: string, status = 200): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  return new Response(body, { status, headers: { "content-type": contentType } });
}

/** A response in chunks of this many bytes, so that delimiters and characters are split. */
function cut(text: string, contentType: string, size: number, status?: number): Response {
  const bytes = encode(text);
  const starts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => index * size);
  return responseOf(
    starts.map((start) => bytes.slice(start, start + size)),
    contentType,
    status,
  );
}

const multipart =
  '---\r\nContent-Type: application/json\r\n\r\n{"data":"å","hasNext":true}\r\n---\r\n\r\n{"hasNext":false}\r\n-----\r\n';
const events =
  ':\n\nevent: next\ndata: {"data":"å","hasNext":true}\n\ndata: {"hasNext":\r\ndata: false}\r\n\r\nevent: complete\ndata:\n\n';

test.for([1, 2, 7, 1000])("payloads are read whatever chunks of %i bytes split", async (size) => {
  const expected = [{ data: "å", hasNext: true }, { hasNext: false }];
  expect(await collect(readPayloads(cut(multipart, 'multipart/mixed; boundary="-"; x=1', size)))).toEqual(expected);
  expect(await collect(readPayloads(cut(multipart, "multipart/mixed", size)))).toEqual(expected);
  expect(await collect(readPayloads(cut(events, "text/event-stream", size)))).toEqual(expected);
});

test("payloads are read wherever the body is split into two chunks", async () => {
  const expected = [{ data: "å", hasNext: true }, { hasNext: false }];
  for (const [text, type] of [
    [multipart, "multipart/mixed"],
    [events, "text/event-stream"],
  ] as const) {
    const bytes = encode(text);
    for (let at = 1; at < bytes.length; at++) {
      const payloads = await collect(readPayloads(responseOf([bytes.slice(0, at), bytes.slice(at)], type)));
      expect({ at, payloads }).toEqual({ at, payloads: expected });
    }
  }
});

test("a boundary may be named in capitals, and text before the first and after the last delimiter is skipped", async () => {
  const body = `preamble\r\n--B${multipart.slice(3).replaceAll("\r\n---", "\r\n--B")}epilogue`;
  const payloads = await collect(readPayloads(cut(body, 'Multipart/Mixed; Boundary="B"', 9)));
  expect(payloads).toEqual([{ data: "å", hasNext: true }, { hasNext: false }]);
});

test("a reader that stops early cancels the body", async () => {
  for (const [text, type] of [
    [multipart.slice(0, -6), "multipart/mixed"],
    [events.slice(0, 60), "text/event-stream"],
  ] as const) {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(encode(text)),
      cancel: () => {
        isCancelled = true;
      },
    });
    for await (const _ of readPayloads(new Response(body, { headers: { "content-type": type } }))) break;
    expect(isCancelled).toBe(true);
  }
});

test("JSON is one payload, also with an error's status", async () => {
  for (const type of ["application/json; charset=utf-8", "application/graphql-response+json"]) {
    expect(await collect(readPayloads(cut('{"errors":[]}', type, 5, 400)))).toEqual([{ errors: [] }]);
  }
});

test("a response that is cut off is an error, not an end", async () => {
  const parts = collect(readPayloads(cut(multipart.slice(0, -6), "multipart/mixed", 9)));
  await expect(parts).rejects.toThrow("before its last part");
  await expect(collect(readPayloads(cut("", "multipart/mixed", 9)))).rejects.toThrow("before its last part");
  const stream = collect(readPayloads(cut(events.slice(0, 60), "text/event-stream", 9)));
  await expect(stream).rejects.toThrow("before its last event");
});

test("a response that is not GraphQL is refused with its status and type", async () => {
  const page = collect(readPayloads(cut("<html>", "text/html", 9, 502)));
  await expect(page).rejects.toThrow('got 502 with the type "text/html"');
});
