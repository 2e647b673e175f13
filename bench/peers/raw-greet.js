/** The limit of Node: a response of the same size that does not read the request. */
import { createServer } from "node:http";
import { listeningOn, peerOptions } from "./support/peer.js";

const text = JSON.stringify({ data: { greet: "Hello World!" } });
const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, headers).end(text);
});
server.listen(peerOptions().port, "127.0.0.1", () => listeningOn(server.address().port));
