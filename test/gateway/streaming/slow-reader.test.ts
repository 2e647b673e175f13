import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { toyGateway } from "../support/toy-gateway.ts";

const itemBytes = 65_536;
const itemCount = 200_000;
/** What the two ends of a connection on this machine may hold at most, as Linux is set up by default. */
const socketBytes = (4 + 33) * 1_048_576;
/** Items in graphql's queue, in a payload that waits, and in one that is being written. */
const itemsInTheGateway = 300;

/** Reads so many kilobytes, one at a time, and takes nothing more. */
async function readKilobytes(socket: Socket, kilobytes: number): Promise<void> {
  for (let read = 0; read < kilobytes; read++) {
    while (socket.read(1_024) === null) await once(socket, "readable");
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
