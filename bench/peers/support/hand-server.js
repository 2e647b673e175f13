import { createServer } from "node:http";
import { listeningOn } from "./peer.js";

const json = "application/json";

/**
 * A minimal server for one query: parses the body of a POST, and responds with JSON.
 *
 * @param respond returns the text of the response for the parsed body
 */
export function serveByHand(port, respond) {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", async () => {
      try {
        const text = await respond(JSON.parse(Buffer.concat(chunks).toString()));
        response.writeHead(200, { "content-type": json, "content-length": Buffer.byteLength(text) }).end(text);
      } catch (error) {
        response.writeHead(500, { "content-type": json }).end(JSON.stringify({ errors: [{ message: String(error) }] }));
      }
    });
  });
  server.listen(port, "127.0.0.1", () => listeningOn(server.address().port));
}
