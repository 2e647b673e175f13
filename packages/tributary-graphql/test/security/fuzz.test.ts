import { connect } from "node:net";
import { env } from "node:process";
import fc from "fast-check";
import { postInit } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";
import { pathOptions } from "../gateway/paths/support/three-paths.ts";
import { type CountedToy, countedToy } from "./support/counted-toy.ts";
import { anyFrames, handshake } from "./support/fuzz-frames.ts";
import { anyRequest, type FuzzedRequest } from "./support/fuzz-requests.ts";

/**
 * Thousands of random inputs, as bytes over sockets. `FUZZ_SEED` and `FUZZ_RUNS` repeat a run, or make a longer one with other
 * inputs; a failure prints its seed and its smallest input.
 */
const seed = Number(env.FUZZ_SEED ?? 20_261_201);
const runs = Number(env.FUZZ_RUNS ?? 60);
const inputsPerRun = 20;
const timeoutMs = 60_000 + runs * 1_000;

/** No answer takes as long: one that has not come by then does not come. */
const hangMs = 15_000;

/** All that the server sends until it closes the connection. */
async function exchanged(port: number, bytes: Buffer, isHttp: boolean): Promise<Buffer> {
  const socket = connect(port, "127.0.0.1");
  const received: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => received.push(chunk));
  socket.on("error", () => undefined);
  socket.setTimeout(hangMs, () => socket.destroy(new Error("hangs")));
  // What may be incomplete ends here; a request that is complete has a client that waits.
  if (isHttp) socket.write(bytes);
  else socket.end(bytes);
  await new Promise((resolve) => socket.once("close", resolve));
  if (socket.errored?.message === "hangs") throw new Error(`No answer within ${hangMs} ms.`);
  return Buffer.concat(received);
}

const inside =
  /node:internal|node_modules|\n\s+at |\.ts:\d|INTERNAL_SERVER_ERROR|Unexpected error|hunter2|TypeError|RangeError/;

function expectFair(answer: string, { isHttp }: FuzzedRequest): void {
  if (isHttp) expect(answer).toMatch(/^HTTP\/1\.1 /);
  for (const [, status] of answer.matchAll(/(?:^|\n)HTTP\/1\.1 (\d+) /g)) expect(status).not.toMatch(/^50[^3]/);
  expect(answer).not.toMatch(inside);
}

/** The server answers others, and has logged nothing as a fault of its own. */
async function expectUnharmed(toy: CountedToy): Promise<void> {
  const response = await fetch(toy.url, postInit("{ a }", { accept: "application/json" }));
  expect([response.status, await response.json()]).toEqual([200, { data: { a: 1 } }]);
  expect(toy.lines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
}

const options = { isProduction: true, limits: { resultValues: 5_000 } };

describe.each(["fast", "yoga"] as const)(
  `${runs * inputsPerRun} random inputs (seed ${seed}) on the path %s`,
  (path) => {
    test(
      "as requests get no 500 and no stack, and harm nobody else",
      async () => {
        const toy = await countedToy({ ...pathOptions[path], ...options });
        const requests = fc.array(anyRequest, { minLength: inputsPerRun, maxLength: inputsPerRun });
        await fc.assert(
          fc.asyncProperty(requests, async (batch) => {
            await Promise.all(
              batch.map(async (request) => {
                const answer = await exchanged(toy.port, request.bytes, request.isHttp);
                expectFair(answer.toString("latin1"), request);
              }),
            );
            await expectUnharmed(toy);
          }),
          { seed, numRuns: runs },
        );
      },
      timeoutMs,
    );

    test(
      "as frames on WebSockets crash nothing, and harm nobody else",
      async () => {
        const toy = await countedToy({ ...pathOptions[path], ...options });
        const connections = fc.array(anyFrames, { minLength: inputsPerRun, maxLength: inputsPerRun });
        await fc.assert(
          fc.asyncProperty(connections, async (batch) => {
            await Promise.all(
              batch.map(async (frames) => {
                const answer = await exchanged(toy.port, Buffer.concat([handshake, frames]), false);
                expect(answer.toString("latin1")).toMatch(/^HTTP\/1\.1 101 /);
                expect(answer.toString("latin1")).not.toMatch(inside);
              }),
            );
            await expectUnharmed(toy);
          }),
          { seed, numRuns: runs },
        );
      },
      timeoutMs,
    );
  },
);
