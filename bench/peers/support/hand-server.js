import { createServer } from "node:http";
import { listeningOn } from "./peer.js";

const json = "application/json";

/**
 * What a team writes for one query of one page: takes the body of a POST, has the answer made, and writes it as JSON.
 *
 * @param answer makes the text of the answer from the parsed body
 */
export function serveByHand(port, answer) {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", async () => {
      try {
        const text = await answer(JSON.parse(Buffer.concat(chunks).toString()));
        response.writeHead(200, { "content-type": json, "content-length": Buffer.byteLength(text) }).end(text);
      } catch (error) {
        response.writeHead(500, { "content-type": json }).end(JSON.stringify({ errors: [{ message: String(error) }] }));
      }
    });
  });
  server.listen(port, "127.0.0.1", () => listeningOn(server.address().port));
}
