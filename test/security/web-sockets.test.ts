import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { useTarget } from "./support/target.ts";

const target = useTarget();

interface SocketAttack {
  readonly name: string;
  readonly source: string;
  readonly send: (socket: WebSocket) => void;
  /** Whether it is sent after the answer to connection_init. Default false. */
  readonly isInitialized?: true;
  /** The code with which the server closes the WebSocket. */
  readonly closed: number;
}

const protocol = "GraphQL over WebSocket protocol";
const init = (socket: WebSocket, payload?: unknown) =>
  socket.send(JSON.stringify({ type: "connection_init", ...(payload !== undefined && { payload }) }));
const subscribe = (socket: WebSocket, id: unknown, query: unknown) =>
  socket.send(JSON.stringify({ type: "subscribe", id, payload: { query } }));
const ticking = 'subscription { rateChanged(base: "EUR", to: "USD") { rate } }';

/** A masked frame with this opcode, its final bit set, and a payload of fewer than 126 bytes. */
const frame = (opcode: number, payload: Buffer, { isMasked = true, first = 0x80 } = {}): Buffer =>
  Buffer.concat([
    Buffer.from([first | opcode, (isMasked ? 0x80 : 0) | payload.length]),
    ...(isMasked ? [Buffer.alloc(4)] : []),
    payload,
  ]);
const raw = (bytes: Buffer) => (socket: WebSocket) => {
  const { _socket: wire } = socket as unknown as { _socket: NodeJS.WritableStream };
  wire.write(bytes as unknown as string);
};

const attacks: readonly SocketAttack[] = [
  {
    name: "an operation before connection_init",
    source: protocol,
    send: (socket) => subscribe(socket, "1", "{ __typename }"),
    closed: 4401,
  },
  {
    name: "two connection_inits",
    source: protocol,
    send: (socket) => {
      init(socket);
      init(socket);
    },
    closed: 4429,
  },
  {
    name: "a message of an unknown type",
    source: protocol,
    send: (socket) => socket.send('{"type":"admin"}'),
    closed: 4400,
  },
  { name: "a message that is not JSON", source: protocol, send: (socket) => socket.send("hello"), closed: 4400 },
  { name: "a message without a type", source: protocol, send: (socket) => socket.send("{}"), closed: 4400 },
  {
    name: "an array of messages",
    source: "OWASP: batching attacks",
    send: (socket) => socket.send('[{"type":"connection_init"}]'),
    closed: 4400,
  },
  {
    name: "arrays in arrays, 200,000 deep",
    source: "recursion in parsers of JSON",
    send: (socket) => socket.send("[".repeat(200_000)),
    closed: 4400,
  },
  {
    name: "an operation without an id",
    source: protocol,
    isInitialized: true,
    send: (socket) => {
      subscribe(socket, undefined, "{ __typename }");
    },
    closed: 4400,
  },
  {
    name: "an operation with an object as its id",
    source: "prototype pollution",
    isInitialized: true,
    send: (socket) => {
      subscribe(socket, { toString: "x" }, "{ __typename }");
    },
    closed: 4400,
  },
  {
    name: "two operations of one id",
    source: protocol,
    isInitialized: true,
    send: (socket) => {
      subscribe(socket, "1", ticking);
      subscribe(socket, "1", ticking);
    },
    closed: 4409,
  },
  {
    name: "a message of a megabyte and more",
    source: "CVE-2016-10542 (ws)",
    send: (socket) => socket.send("a".repeat(1_000_001)),
    closed: 1009,
  },
  {
    name: "a text that is not UTF-8",
    source: "RFC 6455, 8.1",
    send: raw(frame(1, Buffer.from([0xff, 0xfe]))),
    closed: 1007,
  },
  {
    name: "a frame that is not masked",
    source: "RFC 6455, 5.1",
    send: raw(frame(1, Buffer.from("{}"), { isMasked: false })),
    closed: 1002,
  },
  {
    name: "a frame with reserved bits",
    source: "RFC 6455, 5.2",
    send: raw(frame(1, Buffer.from("{}"), { first: 0xf0 })),
    closed: 1002,
  },
  {
    name: "a frame of a reserved opcode",
    source: "RFC 6455, 5.2",
    send: raw(frame(3, Buffer.from("{}"))),
    closed: 1002,
  },
  { name: "a continuation of nothing", source: "RFC 6455, 5.4", send: raw(frame(0, Buffer.from("{}"))), closed: 1002 },
  {
    name: "a ping in fragments",
    source: "RFC 6455, 5.5",
    send: raw(frame(9, Buffer.from("x"), { first: 0 })),
    closed: 1002,
  },
  {
    name: "a compressed frame, where compression is off",
    source: "CVE-2020-7662: permessage-deflate",
    send: raw(frame(1, Buffer.from("{}"), { first: 0xc0 })),
    closed: 1002,
  },
  {
    name: "a frame that announces 2^62 bytes",
    source: "RFC 6455, 5.2",
    send: raw(Buffer.from("81ff400000000000000000000000", "hex")),
    closed: 1009,
  },
];

async function open(): Promise<WebSocket> {
  const socket = new WebSocket(target.url().replace("http:", "ws:"), "graphql-transport-ws");
  socket.on("error", () => undefined);
  await once(socket, "open");
  return socket;
}

async function openInitialized(): Promise<WebSocket> {
  const socket = await open();
  init(socket);
  await once(socket, "message");
  return socket;
}

describe("an attack by a WebSocket closes it with the reason", () => {
  test.each(attacks)("$name ($source)", async ({ send, closed, isInitialized = false }) => {
    const before = target.work();
    const socket = isInitialized ? await openInitialized() : await open();
    send(socket);
    const [code, reason] = await once(socket, "close");
    expect(code).toBe(closed);
    expect(String(reason)).not.toMatch(/node_modules|\.ts:\d/);
    if (closed !== 4409) expect(target.work()).toEqual(before);
  });

  test("101 operations at once: the last one is refused, and the others go on", async () => {
    const socket = await openInitialized();
    const refused = Promise.withResolvers<unknown>();
    socket.on("message", (data) => {
      const message = JSON.parse(String(data));
      if (message.type === "error") refused.resolve(message);
    });
    for (let id = 1; id <= 101; id++) subscribe(socket, String(id), ticking);
    expect(await refused.promise).toMatchObject({ id: "101", payload: [{ extensions: { code: "LIMIT_EXCEEDED" } }] });
    socket.terminate();
  });

  test("a token in connection_init is not in the log", async () => {
    const socket = await open();
    init(socket, { authorization: "Bearer secret-of-a-socket", password: "secret-of-a-socket" });
    await once(socket, "message");
    subscribe(socket, "1", "{ unknown }");
    await once(socket, "message");
    socket.terminate();
    expect(target.log.join("\n")).not.toContain("secret-of-a-socket");
  });
});
