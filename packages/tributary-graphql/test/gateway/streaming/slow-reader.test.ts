import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { expect, onTestFinished, test } from "vitest";
import type { LongListStart, LongListState } from "./support/long-list-process.ts";

const itemBytes = 65_536;
const itemCount = 200_000;
/** The most bytes that the buffers of both ends of a connection hold, by Linux' defaults. */
const socketBytes = (4 + 33) * 1_048_576;
/** Items in graphql's queue, in a payload that waits, and in one that is being written. */
const itemsInTheGateway = 300;

/** Reads so many kilobytes, one at a time, and takes nothing more. */
async function readKilobytes(socket: Socket, kilobytes: number): Promise<void> {
  for (let left = kilobytes * 1_024; left > 0; ) {
    const bytes = Math.min(left, 1_024, socket.readableLength);
    if (bytes === 0) await once(socket, "readable");
    else socket.read(bytes);
    left -= bytes;
  }
}

/** Until nothing was produced for a while. */
async function untilStill(produced: () => number): Promise<void> {
  for (let before = -1; before < produced(); await new Promise((resolve) => setTimeout(resolve, 50)))
    before = produced();
}

test.each(["multipart/mixed", "multipart/mixed;incrementalSpec=v0.2", "text/event-stream"])(
  "%s: a client that reads a kilobyte at a time holds a list of 200,000 items back, and ends it by leaving",
  async (accept) => {
    let produced = 0;
    const returned = Promise.withResolvers<void>();
    const item = "x".repeat(itemBytes);
    const toy = toyGateway("type Query { items: [String!] }", {
      Query: {
        items: async function* () {
          try {
            for (; produced < itemCount; produced++) yield item;
          } finally {
            returned.resolve();
          }
        },
      },
    });
    const { port } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.write(`GET /graphql?query={items@stream} HTTP/1.1\r\nhost: x\r\naccept: ${accept}\r\n\r\n`);
    for (let round = 0; round < 3; round++) {
      await readKilobytes(socket, 10);
      await untilStill(() => produced);
      expect(produced).toBeLessThanOrEqual(socketBytes / itemBytes + itemsInTheGateway);
    }
    socket.destroy();
    await returned.promise;
  },
);

/** Resident memory that one answer may take, over what the process takes anyway: garbage included, since none is forced. */
const answerBytes = 200 * 1_048_576;

async function told<Message>(gateway: ChildProcess): Promise<Message> {
  const [message]: Message[] = await once(gateway, "message");
  if (message === undefined) throw new Error("The process said nothing.");
  return message;
}

test.each(["identity", "gzip", "br"])(
  "%s: while a client reads a kilobyte at a time from 200,000 items the gateway's memory stays flat",
  async (encoding) => {
    const script = new URL("./support/long-list-process.ts", import.meta.url);
    const gateway = fork(script, [String(itemCount), String(itemBytes)]);
    onTestFinished(() => void gateway.kill());
    const { port } = await told<LongListStart>(gateway);
    const state = () => {
      gateway.send("state");
      return told<LongListState>(gateway);
    };
    const idle = await state();
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    const headers = ["host: x", "accept: multipart/mixed", `accept-encoding: ${encoding}`];
    socket.write(`GET /graphql?query={items@stream} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`);
    for (let round = 0; round < 2; round++) {
      await readKilobytes(socket, 50);
      // Items come a hundred at a time, compressed ones slowly.
      for (let still = 0, made = -1; still < 10; await new Promise((resolve) => setTimeout(resolve, 50))) {
        const now = await state();
        expect(now.rss - idle.rss).toBeLessThan(answerBytes);
        still = now.made === made ? still + 1 : 0;
        made = now.made;
      }
    }
  },
);

test.each(["multipart/mixed", "multipart/mixed;incrementalSpec=v0.2"])(
  "%s: the deadline returns a source that a slow reader holds back, and whoever reads on gets the last payload",
  async (accept) => {
    const returned = Promise.withResolvers<void>();
    const item = "x".repeat(itemBytes);
    async function* items() {
      try {
        for (;;) yield item;
      } finally {
        returned.resolve();
      }
    }
    const resolvers = { Query: { items } };
    const toy = toyGateway("type Query { items: [String!] }", resolvers, { requestTimeoutMs: 300 });
    const { port } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
    const socket = connect(port, "127.0.0.1");
    socket.write(`GET /graphql?query={items@stream} HTTP/1.1\r\nhost: x\r\naccept: ${accept}\r\n\r\n`);
    await readKilobytes(socket, 1);
    await returned.promise;
    let end = "";
    for await (const chunk of socket) {
      end = (end + String(chunk)).slice(-1_000);
      if (end.endsWith("\r\n0\r\n\r\n")) break;
    }
    expect(end).toContain("DEADLINE_EXCEEDED");
    expect(end).toContain('"hasNext":false');
    expect(toy.requestLine()).toMatchObject({ outcome: "partial", errors: { DEADLINE_EXCEEDED: 1 } });
  },
);
