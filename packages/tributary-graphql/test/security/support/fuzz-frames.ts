import fc from "fast-check";
import { anyDocument } from "./fuzz-documents.ts";

/** The request of a WebSocket, as bytes. */
export const handshake = Buffer.from(
  "GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n" +
    "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n",
);

/** A frame (RFC 6455, 5.2), which may contradict itself. */
export function frame(
  payload: Buffer,
  opcode: number,
  isFinal: boolean,
  reserved: number,
  isMasked: boolean,
  claimed?: number,
): Buffer {
  const length = claimed ?? payload.length;
  const first = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode;
  const mask = isMasked ? 0x80 : 0;
  const head =
    length < 126
      ? Buffer.of(first, mask | length)
      : length < 65_536
        ? Buffer.of(first, mask | 126, length >> 8, length & 255)
        : Buffer.concat([
            Buffer.of(first, mask | 127, 0, 0, 0, 0),
            Buffer.of(length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255),
          ]);
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([head, Buffer.alloc(isMasked ? 4 : 0), payload]);
}

const text = (message: string): Buffer => frame(Buffer.from(message), 1, true, 0, true);

const id = fc.constantFrom<unknown>("1", "2", "", "__proto__", "constructor", 1, null, "x".repeat(300));

const message = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constant("subscribe"),
        id,
        payload: fc.oneof(
          fc.record({ query: anyDocument, variables: fc.jsonValue({ maxDepth: 2 }) }, { requiredKeys: ["query"] }),
          fc.jsonValue({ maxDepth: 2 }),
        ),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ type: fc.constantFrom("complete", "next", "error", "subscribe", "start", "stop"), id }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constantFrom("ping", "pong", "connection_init", "connection_ack", "connection_terminate"),
        payload: fc.jsonValue({ maxDepth: 2 }),
      }),
    },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  )
  .map((value) => JSON.stringify(value).toWellFormed());

const messageFrame = fc
  .oneof({ weight: 5, arbitrary: message }, { weight: 1, arbitrary: fc.string({ maxLength: 40 }) })
  .map(text);

const anyFrame = fc
  .tuple(
    fc.uint8Array({ maxLength: 200 }),
    fc.nat(15),
    fc.boolean(),
    fc.constantFrom(0, 0, 0, 1, 2, 4, 7),
    fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(0, 125, 126, 65_535, 65_536, 2_000_000_000) },
    ),
  )
  .map(([payload, ...rest]) => frame(Buffer.from(payload), ...rest));

const start = fc.oneof(
  { weight: 4, arbitrary: fc.constant(text('{"type":"connection_init"}')) },
  {
    weight: 1,
    arbitrary: fc
      .jsonValue({ maxDepth: 3 })
      .map((payload) => text(JSON.stringify({ type: "connection_init", payload }))),
  },
  { weight: 1, arbitrary: fc.constant(Buffer.alloc(0)) },
);

/** What a client sends on a WebSocket: messages and frames, of which one may contradict the protocol. */
export const anyFrames: fc.Arbitrary<Buffer> = fc
  .tuple(
    start,
    fc.array(fc.oneof({ weight: 4, arbitrary: messageFrame }, { weight: 1, arbitrary: anyFrame }), { maxLength: 8 }),
  )
  .map(([first, frames]) => Buffer.concat([first, ...frames]));
