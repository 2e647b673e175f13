import { once } from "node:events";
import { connect } from "node:net";
import { type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";

const sdl = `
  type Query { remembered: Int fails: Int read: Int }
  type Mutation { write(value: Int!): Int }
`;

/** A gateway whose resolvers answer from memory: their promises wait for nothing. */
async function rememberingToy(options: ToyOptions = {}) {
  let executed = 0;
  let value = 0;
  const toy = toyGateway(
    sdl,
    {
      Query: {
        remembered: async () => ++executed,
        fails: async () => {
          executed++;
          throw new Error("secret");
        },
        read: async () => value,
      },
      Mutation: {
        write: async (_, { value: written }) => {
          value = written;
          return value;
        },
      },
    },
    options,
  );
  const { url } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
  return { ...toy, executed: () => executed, sendTogether: (...requests: Sent[]) => sendTogether(url, requests) };
}

interface Sent {
  readonly query: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Written to one connection at once, and so read in one turn of the event loop. Gives the bodies, in their order. */
async function sendTogether(url: string, requests: readonly Sent[]): Promise<unknown[]> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(requests.map((sent, index) => requestText(sent, index === requests.length - 1)).join(""));
  const received: Buffer[] = [];
  socket.on("data", (bytes: Buffer) => received.push(bytes));
  await once(socket, "end");
  socket.destroy();
  const bodies = Buffer.concat(received)
    .toString()
    .split(/HTTP\/1\.1 [\s\S]*?\r\n\r\n/);
  return bodies.slice(1).map((body) => JSON.parse(body));
}

function requestText({ query, headers = {} }: Sent, isLast: boolean): string {
  const body = JSON.stringify({ query });
  const all = {
    host: "127.0.0.1",
    accept: "application/json",
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    ...(isLast && { connection: "close" }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /graphql HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}

describe("identical queries that come in one turn of the event loop and are answered from memory", () => {
  test("are executed once, as if they had had to wait", async () => {
    const toy = await rememberingToy();
    const query = "{ remembered }";
    const one = { data: { remembered: 1 } };
    expect(await toy.sendTogether({ query }, { query }, { query })).toEqual([one, one, one]);
    expect(toy.gateway.coalescing).toEqual({ executed: 1, coalesced: 2 });
  });

  test("leave a line each that says who executed", async () => {
    const toy = await rememberingToy();
    const query = "query Q { remembered }";
    const named = (id: string): Sent => ({ query, headers: { "x-request-id": id } });
    await toy.sendTogether(named("first"), named("second"));
    const lines = toy.lines.filter(({ msg }) => msg === "request");
    expect(lines.map(({ id, operationName, outcome, executedBy }) => [id, operationName, outcome, executedBy])).toEqual(
      [
        ["first", "Q", "ok", undefined],
        ["second", "Q", "ok", "first"],
      ],
    );
  });

  test("are executed again in the next turn: nothing is cached", async () => {
    const toy = await rememberingToy();
    const query = "{ remembered }";
    for (const remembered of [1, 2, 3]) expect(await toy.sendTogether({ query })).toEqual([{ data: { remembered } }]);
    expect(toy.gateway.coalescing).toEqual({ executed: 3, coalesced: 0 });
  });

  test("are executed for each identity by itself", async () => {
    const toy = await rememberingToy({ headers: ["authorization"] });
    const query = "{ remembered }";
    const [a, b] = [
      { query, headers: { authorization: "a" } },
      { query, headers: { authorization: "b" } },
    ] as const;
    const answers = await toy.sendTogether(a, b, a, b, { query });
    expect(answers).toEqual([1, 2, 1, 2, 3].map((remembered) => ({ data: { remembered } })));
  });

  test("are executed again where the answer has errors", async () => {
    const toy = await rememberingToy();
    const query = "{ fails }";
    await toy.sendTogether({ query }, { query });
    expect(toy.executed()).toBe(2);
  });

  test("are executed again after a mutation, and see what it wrote", async () => {
    const toy = await rememberingToy();
    const read = { query: "{ read }" };
    const answers = await toy.sendTogether(read, read, { query: "mutation { write(value: 7) }" }, read);
    expect(answers).toEqual([
      { data: { read: 0 } },
      { data: { read: 0 } },
      { data: { write: 7 } },
      { data: { read: 7 } },
    ]);
    expect(toy.gateway.coalescing).toEqual({ executed: 2, coalesced: 1 });
  });

  test("are executed by each where coalescing is off", async () => {
    const toy = await rememberingToy({ coalescing: { isOn: false } });
    const query = "{ remembered }";
    await toy.sendTogether({ query }, { query });
    expect(toy.executed()).toBe(2);
  });
});
