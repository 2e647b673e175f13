import { collect } from "tributary-testing/read-stream.ts";
import { expect, test } from "vitest";
import { readPayloads } from "../../../src/client/relay/read-payloads.ts";

/** A response that comes in pieces of this many bytes, so that boundaries and characters are cut. */
function cut(text: string, contentType: string, size: number, status = 200): Response {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
  return new Response(body, { status, headers: { "content-type": contentType } });
}

const multipart =
  '---\r\nContent-Type: application/json\r\n\r\n{"data":"å","hasNext":true}\r\n---\r\n\r\n{"hasNext":false}\r\n-----\r\n';
const events =
  ':\n\nevent: next\ndata: {"data":"å","hasNext":true}\n\ndata: {"hasNext":\r\ndata: false}\r\n\r\nevent: complete\ndata:\n\n';

test.for([1, 2, 7, 1000])("payloads are read whatever the pieces of %i bytes cut", async (size) => {
  const expected = [{ data: "å", hasNext: true }, { hasNext: false }];
  expect(await collect(readPayloads(cut(multipart, 'multipart/mixed; boundary="-"; x=1', size)))).toEqual(expected);
  expect(await collect(readPayloads(cut(multipart, "multipart/mixed", size)))).toEqual(expected);
  expect(await collect(readPayloads(cut(events, "text/event-stream", size)))).toEqual(expected);
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
