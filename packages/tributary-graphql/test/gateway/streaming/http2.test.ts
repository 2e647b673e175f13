import { once } from "node:events";
import { connect, createServer, type Http2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { createServerAdapter } from "@whatwg-node/server";
import { collect, next, readEvents, readMultipart } from "tributary-testing/read-stream.ts";
import { type ToyGateway, toyGateway } from "tributary-testing/toy-gateway.ts";
import { expect, onTestFinished, test } from "vitest";
import { sendResponse } from "../../../src/gateway/http/send-response.ts";

/** The gateway behind a plain-text HTTP/2 server, as behind one of a platform's. */
async function connectTo({ gateway }: ToyGateway): Promise<Http2Session & ReturnType<typeof connect>> {
  const adapter = createServerAdapter((request: Request) => gateway.fetch(request));
  const server = createServer(async (request, response) => {
    await sendResponse(await adapter.handleNodeRequestAndResponse(request, response), response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    session.destroy();
    server.close();
  });
  return session;
}

const accepts = ["multipart/mixed;incrementalSpec=v0.2", "multipart/mixed", "text/event-stream"] as const;

test.each(accepts)(
  "over HTTP/2, %s: the first payload comes while the second is held back, and the stream ends",
  async (accept) => {
    const slow = Promise.withResolvers<string>();
    const toy = toyGateway("type Query { fast: String slow: String }", {
      Query: { fast: () => "fast", slow: () => slow.promise },
    });
    const session = await connectTo(toy);
    const request = session.request({ ":path": "/graphql?query={fast...@defer{slow}}", accept });
    const [headers] = await once(request, "response");
    expect(headers[":status"]).toBe(200);
    expect(headers).not.toHaveProperty("connection");
    expect(headers).not.toHaveProperty("transfer-encoding");
    const payloads = accept === "text/event-stream" ? undefined : readMultipart(request);
    if (payloads) expect((await next(payloads)).data).toEqual({ fast: "fast" });
    slow.resolve("slow");
    expect((await collect(payloads ?? readEvents(request))).at(-1)).toMatchObject({
      incremental: [{ data: { slow: "slow" } }],
      hasNext: false,
    });
  },
);

test("over HTTP/2, a client that resets its stream stops what runs for it", async () => {
  const stopped = Promise.withResolvers<unknown>();
  const toy = toyGateway("type Query { fast: String slow: String }", {
    Query: {
      fast: () => "fast",
      slow: (_, __, { signal }) => {
        signal.addEventListener("abort", () => stopped.resolve(signal.reason));
        return new Promise(() => {});
      },
    },
  });
  const request = (await connectTo(toy)).request({
    ":path": "/graphql?query={fast...@defer{slow}}",
    accept: "multipart/mixed",
  });
  await once(request, "readable");
  request.close();
  expect(await stopped.promise).toMatchObject({ name: "AbortError" });
});
