import { once } from "node:events";
import { connect } from "node:net";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { listen } from "../../gateway/http/node-server.ts";

const patience = { headersMs: 30, requestMs: 60, checkEveryMs: 10 };

async function serve() {
  const address = { host: "127.0.0.1", port: 0 };
  const server = await listen(async () => new Response("served"), address, pino({ level: "silent" }), patience);
  onTestFinished(() => server.close());
  return server.port;
}

test("a client that does not finish its headers is cut off", async () => {
  const socket = connect(await serve(), "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n");
  const [answer] = await once(socket, "data");
  expect(String(answer)).toMatch(/^HTTP\/1.1 408 /);
  await once(socket, "close");
});

test("a body that an answer has no use for does not keep the next request waiting", async () => {
  const url = `http://127.0.0.1:${await serve()}/`;
  const answer = await fetch(url, { method: "POST", body: "x".repeat(200_000) });
  expect(await answer.text()).toBe("served");
});
