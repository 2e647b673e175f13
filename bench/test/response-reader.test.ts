import { expect, test } from "vitest";
import { ResponseReader } from "../load/response-reader.ts";

const fixed = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\nhello world";
const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n5;x=y\r\nworld\r\n0\r\n\r\n";
const empty = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";

/** Reads responses in chunks of this size. */
function readIn(chunkBytes: number, ...responses: readonly string[]) {
  const reader = new ResponseReader();
  return responses.flatMap((response) => {
    const bytes = Buffer.from(response);
    const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
      bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
    );
    return chunks.map((chunk) => reader.push(chunk)).filter((read) => read !== undefined);
  });
}

test.each([1, 2, 3, 7, 20, 1000])(
  "ResponseReader reads the responses on a connection in chunks of %i bytes",
  (chunkBytes) => {
    expect(readIn(chunkBytes, fixed, chunked, empty, fixed)).toEqual([
      { status: 200, bodyBytes: 11 },
      { status: 200, bodyBytes: 11 },
      { status: 503, bodyBytes: 0 },
      { status: 200, bodyBytes: 11 },
    ]);
  },
);

test("more bytes than content-length are an error", () => {
  expect(() => readIn(1000, `${fixed}!`)).toThrow("Expected one response per request, got more bytes.");
});

test("a response without content-length and chunks is an error", () => {
  expect(() => readIn(1000, "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello")).toThrow(
    "with content-length or chunks",
  );
});
