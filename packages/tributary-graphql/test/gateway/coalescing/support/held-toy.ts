import {
  type PostOptions,
  postInit,
  type ToyContext,
  type ToyOptions,
  toyGateway,
} from "tributary-testing/toy-gateway.ts";
import { Agent, fetch } from "undici";
import { expect, onTestFinished, vi } from "vitest";

const sdl = `
  type Query { slow(n: Int): Int fast: Int fails: Int long: String must: Int! stuck: Int }
  type Mutation { set: Int }
`;

function postOf(query: string, { signal, ...post }: PostOptions) {
  const { headers, body } = postInit(query, { accept: "application/json", ...post });
  return { method: "POST", headers: Object.entries(headers ?? {}), body: String(body), signal: signal ?? null };
}

/** A gateway whose slow fields wait until they are let go, and what happened to each of their calls. */
export async function heldToy(options: ToyOptions = {}) {
  const calls: ToyContext[] = [];
  const gate = Promise.withResolvers<void>();
  /** As a source does it: waits, and stops with the signal. */
  const wait = async <Value>(context: ToyContext, value: () => Value): Promise<Value> => {
    calls.push(context);
    const { signal } = context;
    const stopped = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => stopped.reject(signal.reason));
    await Promise.race([gate.promise, stopped.promise]);
    return value();
  };
  const fail = () => {
    throw new Error("secret");
  };
  const toy = toyGateway(
    sdl,
    {
      Query: {
        slow: (_, { n }, context) => wait(context, () => n ?? 1),
        fails: (_, __, context) => wait(context, fail),
        long: (_, __, context) => wait(context, () => "é".repeat(3_000)),
        must: (_, __, context) => wait(context, () => null),
        stuck: (_, __, context) => {
          calls.push(context);
          void context.signal;
          return new Promise(() => undefined);
        },
        fast: () => 2,
      },
      Mutation: { set: (_, __, context) => wait(context, () => 1) },
    },
    options,
  );
  const { url } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
  // Each request has a connection of its own: one that waits in a pool would hold up the gateway's end.
  const dispatcher = new Agent({ pipelining: 0 });
  onTestFinished(() => dispatcher.destroy());
  return {
    ...toy,
    /** The context of each call that a slow field made. */
    calls,
    letGo: () => gate.resolve(),
    send: (query: string, post: PostOptions = {}) => fetch(url, { ...postOf(query, post), dispatcher }),
    /** Until so many requests wait for what another one executes. */
    coalesced: (count: number) => vi.waitFor(() => expect(toy.gateway.coalescing.coalesced).toBe(count), 5_000),
    called: (count: number) => vi.waitFor(() => expect(calls).toHaveLength(count), 5_000),
    requestLines: () => toy.lines.filter(({ msg }) => msg === "request"),
    lineOf: (id: string) => toy.lines.find((line) => line.msg === "request" && line.id === id),
  };
}
