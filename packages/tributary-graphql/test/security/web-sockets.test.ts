import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { countedToy } from "./support/counted-toy.ts";
import { frame, handshake } from "./support/fuzz-frames.ts";

/** A WebSocket as bytes, of a client that reads nothing more than the answer to its handshake. */
async function opened(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  socket.write(handshake);
  await once(socket, "data");
  return socket;
}

/** The frames that a server sends until it closes the connection. */
async function received(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => socket.once("close", resolve));
  return Buffer.concat(chunks);
}

/** The code of a close frame, the last one. */
const closeCode = (frames: Buffer): number => frames.readUInt16BE(frames.lastIndexOf(0x88) + 2);

test("a ping is answered with its data", async () => {
  const toy = await countedToy();
  const socket = await opened(toy.port);
  socket.write(frame(Buffer.from("here"), 9, true, 0, true));
  const [answer] = await once(socket, "data");
  expect(answer).toEqual(Buffer.concat([Buffer.of(0x8a, 4), Buffer.from("here")]));
});

test("pings of a client that takes no answer are not read on", async () => {
  const toy = await countedToy({ limits: { bodyBytes: 10_000 } });
  const socket = await opened(toy.port);
  socket.pause();
  const pings = Buffer.concat(Array<Buffer>(8_000).fill(frame(Buffer.alloc(125), 9, true, 0, true)));
  let taken = 0;
  const write = (): void => {
    if (taken < 60)
      socket.write(pings, () => {
        taken += 1;
        write();
      });
  };
  write();
  // Until nothing moves any more: the system's own buffers of both ends are full then.
  for (let before = -1; before !== taken; await delay(1_000)) before = taken;
  expect(taken).toBeLessThan(60);
});

test.each([
  ["that is compressed, which was not agreed", frame(Buffer.from("{}"), 1, true, 4, true), 1002],
  ["without a mask", frame(Buffer.from("{}"), 1, true, 0, false), 1002],
  ["with a reserved opcode", frame(Buffer.from("{}"), 3, true, 0, true), 1002],
  ["that is a fragmented ping", frame(Buffer.from("{}"), 9, false, 0, true), 1002],
  ["that continues nothing", frame(Buffer.from("{}"), 0, true, 0, true), 1002],
  ["that is not UTF-8", frame(Buffer.of(0xff, 0xfe), 1, true, 0, true), 1007],
  ["that announces two gigabytes", frame(Buffer.from("{}"), 1, true, 0, true, 2_000_000_000), 1009],
  [
    "whose fragments are too large together",
    Buffer.concat([frame(Buffer.alloc(600), 1, false, 0, true), frame(Buffer.alloc(600), 0, true, 0, true)]),
    1009,
  ],
  [
    "that subscribes before connection_init",
    frame(Buffer.from('{"type":"subscribe","id":"1","payload":{"query":"{a}"}}'), 1, true, 0, true),
    4401,
  ],
] as const)("a frame %s closes the WebSocket, and nothing runs", async (_, bytes, code) => {
  const toy = await countedToy({ limits: { bodyBytes: 1_000 } });
  const socket = await opened(toy.port);
  socket.write(bytes);
  expect(closeCode(await received(socket))).toBe(code);
  expect(toy.runs).toBe(0);
  expect(toy.lines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
});

test("a WebSocket that is opened and says nothing has its place for a short time only", async () => {
  const toy = await countedToy({ subscriptions: { initTimeoutMs: 30, maxConnectionsPerClient: 1 } });
  expect(closeCode(await received(await opened(toy.port)))).toBe(4408);
  const socket = await opened(toy.port);
  expect(closeCode(await received(socket))).toBe(4408);
});

test("subscriptions that are started and ended again and again leave nothing that runs", async () => {
  const toy = await countedToy();
  const ended = () => toy.lines.filter(({ msg }) => msg === "request").length;
  const socket = await opened(toy.port);
  const send = (message: object) => socket.write(frame(Buffer.from(JSON.stringify(message)), 1, true, 0, true));
  send({ type: "connection_init" });
  await once(socket, "data");
  for (let time = 0; time < 1_000; time++) {
    send({ type: "subscribe", id: String(time), payload: { query: "{ later }" } });
    send({ type: "complete", id: String(time) });
  }
  socket.write(frame(Buffer.of(0x03, 0xe8), 8, true, 0, true));
  await received(socket);
  // Each has its line once it has ended.
  while (ended() < 1_000) await delay(5);
  expect(toy.lines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
});
