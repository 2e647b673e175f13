import type { RequestListener } from "node:http";
import { startFakeService } from "tributary-testing/fake-service.ts";
import { expect, onTestFinished, test } from "vitest";
import { generateLoad } from "../load/generate.ts";

/** A server that records the request bodies. */
async function serve(respond: RequestListener) {
  const bodies: string[] = [];
  const service = await startFakeService((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      bodies.push(body);
      respond(request, response);
    });
  });
  onTestFinished(() => service.close());
  return { url: service.url, bodies };
}

test("the load generator counts all requests, and sends the bodies round-robin", async () => {
  const { url, bodies } = await serve((_request, response) => response.end("right"));
  const options = { url, bodies: ["a", "b", "c"], connections: 1, durationMs: 300, bodyBytes: 5 };
  const result = await generateLoad(options);
  expect(result.unexpected).toEqual({});
  expect(result.requests).toBe(bodies.length);
  expect(bodies.slice(0, 4)).toEqual(["a", "b", "c", "a"].slice(0, bodies.length));
  expect(result.p50Ms).toBeLessThanOrEqual(result.p99Ms);
});

test("the load generator counts responses with another status or size separately", async () => {
  let count = 0;
  const { url } = await serve((_request, response) => {
    count += 1;
    if (count === 1) response.writeHead(500).end("right");
    else response.end(count === 2 ? "wrong length" : "right");
  });
  const result = await generateLoad({ url, bodies: ["a"], connections: 1, durationMs: 300, bodyBytes: 5 });
  expect(result.unexpected).toEqual(
    result.requests === 1 ? { "500 with 5 bytes": 1 } : { "500 with 5 bytes": 1, "200 with 12 bytes": 1 },
  );
});

test("a failed connection ends the round with an error", async () => {
  const { url } = await serve((request) => request.socket.destroy());
  await expect(generateLoad({ url, bodies: ["a"], connections: 2, durationMs: 300 })).rejects.toThrow();
});
