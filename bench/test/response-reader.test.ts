import { expect, test } from "vitest";
import { ResponseReader } from "../load/response-reader.ts";

const fixed = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\nhello world";
const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n5;x=y\r\nworld\r\n0\r\n\r\n";
const empty = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";

/** The answers that are read when the bytes come in pieces of this length. */
function readIn(pieces: number, ...answers: readonly string[]) {
  const reader = new ResponseReader();
  return answers.flatMap((answer) => {
    const bytes = Buffer.from(answer);
    const parts = Array.from({ length: Math.ceil(bytes.length / pieces) }, (_, index) =>
      bytes.subarray(index * pieces, (index + 1) * pieces),
    );
    return parts.map((part) => reader.push(part)).filter((read) => read !== undefined);
  });
}

test.each([1, 2, 3, 7, 20, 1000])("answers on one connection are read one by one, in pieces of %i bytes", (pieces) => {
  expect(readIn(pieces, fixed, chunked, empty, fixed)).toEqual([
    { status: 200, bodyBytes: 11 },
    { status: 200, bodyBytes: 11 },
    { status: 503, bodyBytes: 0 },
    { status: 200, bodyBytes: 11 },
  ]);
});

test("an answer with more bytes than it says is an error", () => {
  expect(() => readIn(1000, `${fixed}!`)).toThrow("Expected one answer to one request, got more.");
});

test("an answer that does not say where it ends is an error", () => {
  expect(() => readIn(1000, "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello")).toThrow("says where it ends");
});
