import { startingToyGateway, type ToyGateway, type ToyOptions } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";

const toy = (options: ToyOptions = {}) =>
  startingToyGateway("type Query { a: Int }", { Query: { a: () => 1 } }, options);

async function ask({ gateway }: ToyGateway, path: string) {
  const response = await gateway.fetch(new Request(`http://toys.test${path}`));
  return { status: response.status, body: await response.json() };
}

describe("/health/live", () => {
  test("is 200 from the first moment, and while draining", async () => {
    const starting = toy();
    expect(await ask(starting, "/health/live")).toEqual({ status: 200, body: { status: "live" } });
    await starting.gateway.close();
    expect(await ask(starting, "/health/live")).toEqual({ status: 200, body: { status: "live" } });
  });
});

describe("/health/ready", () => {
  test("is 503 while starting, 200 once marked ready, 503 while draining", async () => {
    const { gateway, ...rest } = toy();
    const states = [];
    states.push(await ask({ gateway, ...rest }, "/health/ready"));
    gateway.markReady();
    states.push(await ask({ gateway, ...rest }, "/health/ready"));
    await gateway.close();
    states.push(await ask({ gateway, ...rest }, "/health/ready"));
    expect(states).toEqual([
      { status: 503, body: { status: "starting" } },
      { status: 200, body: { status: "ready" } },
      { status: 503, body: { status: "draining" } },
    ]);
  });

  test("names the check that failed and why; what a driver said is for the log alone", async () => {
    const unready = toy({
      readiness: {
        database: () => Promise.reject(Object.assign(new Error("no route to it"), { code: "UPSTREAM_UNAVAILABLE" })),
        countries: async () => {},
        broken: () => {
          throw new Error("password of root refused");
        },
      },
    });
    unready.gateway.markReady();
    expect(await ask(unready, "/health/ready")).toEqual({
      status: 503,
      body: { status: "unready", failed: { database: "no route to it", broken: "failed" } },
    });
    expect(JSON.stringify(unready.lines)).toContain("password of root refused");
  });

  test("does not wait for a check that hangs, and tells it to stop", async () => {
    let signal: AbortSignal | undefined;
    const hanging = toy({
      readinessTimeoutMs: 20,
      readiness: {
        database: (given) => {
          signal = given;
          return new Promise(() => {});
        },
      },
    });
    hanging.gateway.markReady();
    expect(await ask(hanging, "/health/ready")).toEqual({
      status: 503,
      body: { status: "unready", failed: { database: "no answer within 20 ms" } },
    });
    expect(signal?.aborted).toBe(true);
  });

  test("is not in the log", async () => {
    const ready = toy();
    ready.gateway.markReady();
    await ask(ready, "/health/ready");
    await ask(ready, "/health/live");
    expect(ready.lines.filter(({ level }) => Number(level) >= 30)).toEqual([]);
  });
});

test("GraphQL is answered with OVERLOADED until the gateway is marked ready, and no resolver runs", async () => {
  const starting = toy();
  const response = await starting.post("{ a }", { accept: "application/json" });
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("1");
  expect(await response.json()).toEqual({
    errors: [{ message: "The gateway is still starting.", extensions: { code: "OVERLOADED" } }],
  });
  starting.gateway.markReady();
  expect(await starting.ask("{ a }")).toEqual({ data: { a: 1 } });
});
