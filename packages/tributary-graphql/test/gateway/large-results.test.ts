import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "graphql-ws";
import { postInit, type ToyAnswer } from "tributary-testing/toy-gateway.ts";
import { expect, onTestFinished, test } from "vitest";
import type { LargeResultsStart, LargeResultsState } from "./support/large-results-process.ts";

/** Of objects that have been there for a while: a few large results fit into it, thirty do not. */
const heapMegabytes = 256;

interface LargeResults {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  state(): Promise<LargeResultsState>;
  /** Fulfils when nothing is held for large results. */
  untilNothingIsHeld(): Promise<void>;
  /** Fulfils when something is. */
  untilSomethingIsHeld(): Promise<void>;
}

async function largeResults(requestTimeoutMs = 120_000): Promise<LargeResults> {
  const script = new URL("./support/large-results-process.ts", import.meta.url);
  const execArgv = [`--max-old-space-size=${heapMegabytes}`];
  const child = fork(script, [String(requestTimeoutMs)], { execArgv, stdio: ["ignore", "ignore", "ignore", "ipc"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [{ port }] = (await once(child, "message")) as [LargeResultsStart];
  const state = async (): Promise<LargeResultsState> => {
    child.send("state");
    const [message] = (await once(child, "message")) as [LargeResultsState];
    return message;
  };
  const until = async (isRight: (state: LargeResultsState) => boolean) => {
    while (!isRight(await state())) await delay(5);
  };
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    port,
    process: child,
    state,
    untilNothingIsHeld: () => until(({ heldBytes, waitingCount }) => heldBytes === 0 && waitingCount === 0),
    untilSomethingIsHeld: () => until(({ heldBytes }) => heldBytes > 0),
  };
}

/** 96,000 values, of 100,000 that a result may have. */
const large = "nodes(n: 100) { id name nodes(n: 318) { id name } }";

async function ask(url: string, query: string, options: Parameters<typeof postInit>[1] = {}): Promise<ToyAnswer> {
  return (await fetch(url, postInit(query, { accept: "application/json", ...options }))).json() as Promise<ToyAnswer>;
}

const codesOf = ({ errors = [] }: ToyAnswer) => [...new Set(errors.map(({ extensions }) => extensions.code))];

test.each([
  ["in one piece", "application/json", ""],
  ["as a stream", "multipart/mixed", "... @defer { deferred: one }"],
])(
  "thirty large results at once, %s, are complete or refused, small ones are answered meanwhile, and the process stays",
  async (_way, accept, also) => {
    const { url, process, untilNothingIsHeld } = await largeResults();
    const texts = Array.from({ length: 30 }, async (_, number) => {
      const response = await fetch(url, postInit(`query Q${number} { ${also} ${large} }`, { accept }));
      return response.text();
    });
    const answering = Promise.all(texts);
    let isOver = false;
    void answering.finally(() => {
      isOver = true;
    });
    let small = 0;
    while (!isOver) {
      const answer = await ask(url, `query S${small++} { one nodes(n: 3) { name } }`);
      expect(answer.errors).toBeUndefined();
      expect(answer.data).toMatchObject({ one: 1, nodes: [{}, {}, {}] });
    }
    const all = await answering;
    for (const text of all) {
      if (text.includes('"errors"')) expect(text).toContain("OVERLOADED");
      else expect(text.split('"name"').length).toBeGreaterThan(31_900);
    }
    expect(all.filter((text) => !text.includes('"errors"')).length).toBeGreaterThanOrEqual(3);
    expect(small).toBeGreaterThan(10);
    await untilNothingIsHeld();
    expect(process.exitCode).toBeNull();
  },
  150_000,
);

test.each([
  ["in one piece", "application/json", `{ later ${large} }`],
  ["as a stream", "multipart/mixed", `{ one ... @defer { later ${large} } }`],
])("a client that leaves gives back what its large result %s had", async (_way, accept, query) => {
  const { url, untilSomethingIsHeld, untilNothingIsHeld } = await largeResults();
  const client = new AbortController();
  const asked = fetch(url, postInit(query, { accept, signal: client.signal })).then((response) => response.text());
  await untilSomethingIsHeld();
  client.abort();
  await expect(asked).rejects.toThrow();
  await untilNothingIsHeld();
});

test("the deadline gives back what a large result had", async () => {
  const { url, untilNothingIsHeld } = await largeResults(1_500);
  const answer = await ask(url, `{ later ${large} }`);
  expect(answer.data?.nodes).toHaveLength(100);
  expect(codesOf(answer)).toEqual(["DEADLINE_EXCEEDED"]);
  await untilNothingIsHeld();
});

test("an error that leaves nothing of a large result gives back what it had", async () => {
  const { url, untilNothingIsHeld } = await largeResults();
  const answer = await ask(url, `{ fails ${large} }`);
  expect([answer.data, codesOf(answer)]).toEqual([null, ["INTERNAL_SERVER_ERROR"]]);
  await untilNothingIsHeld();
});

test("answers that nobody reads are held until their clients leave, and others are answered", async () => {
  const { url, port, state, untilSomethingIsHeld, untilNothingIsHeld } = await largeResults();
  const query = "{texts(n:900)}";
  const sockets = Array.from({ length: 4 }, (_, number) => {
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.pause();
    socket.write(
      `GET /graphql?query=query%20Q${number}${query} HTTP/1.1\r\nhost: x\r\naccept: application/json\r\n\r\n`,
    );
    return socket;
  });
  await untilSomethingIsHeld();
  expect(codesOf(await ask(url, `{ ${large} }`))).toEqual([]);
  expect((await ask(url, "{ one }")).data).toEqual({ one: 1 });
  expect((await state()).heldBytes).toBeGreaterThan(0);
  for (const socket of sockets) socket.destroy();
  await untilNothingIsHeld();
});

test("a stream that nobody reads does not keep others from being executed, and gives back what it had", async () => {
  const { url, port, untilSomethingIsHeld, untilNothingIsHeld } = await largeResults();
  const query = encodeURIComponent(
    "{ one ... @defer { nodes(n: 50) { id name nodes(n: 318) { id name } } } second: texts(n: 400) }",
  );
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.pause();
  socket.write(`GET /graphql?query=${query} HTTP/1.1\r\nhost: x\r\naccept: multipart/mixed\r\n\r\n`);
  await untilSomethingIsHeld();
  expect(codesOf(await ask(url, `{ ${large} }`))).toEqual([]);
  socket.destroy();
  await untilNothingIsHeld();
});

test("large results over a WebSocket, of queries and of events, give back what they had", async () => {
  const { url, untilNothingIsHeld } = await largeResults();
  const client = createClient({ url: url.replace("http", "ws"), retryAttempts: 0 });
  onTestFinished(() => void client.dispose());
  const results = await Promise.all(
    [`{ ${large} }`, `subscription { ${large} }`].map((query) => Array.fromAsync(client.iterate({ query }))),
  );
  expect(results.map(({ length }) => length)).toEqual([1, 3]);
  for (const { data, errors } of results.flat())
    expect([data?.nodes, errors]).toMatchObject([{ length: 100 }, undefined]);
  await untilNothingIsHeld();
});
