import { type IncomingMessage, maxHeaderSize, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { GraphQLError } from "graphql";
import { refusal } from "../security/refusal.ts";
import { refuseUpgrade } from "../subscriptions/refuse-upgrade.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Node refuses a request with more (`server.maxHeadersCount` counts names and values). */
const maxHeaders = 999;

/** Answers what node's parser refuses as any other request is refused: with a body that says why, and no sniffing. */
export function answerParserErrors(server: Server): void {
  const answering = new WeakMap<object, ServerResponse>();
  server.on("request", ({ socket }, response) => answering.set(socket, response));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // In the middle of an answer nothing else can be said.
    if (!socket.writable || answering.get(socket)?.headersSent === true || error.code === "ECONNRESET")
      socket.destroy();
    else refuseUpgrade(socket, parserFault(error.code));
  });
}

function parserFault(code: string | undefined): GraphQLError {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return refusal(
        "LIMIT_EXCEEDED",
        `The request's headers are larger than ${maxHeaderSize} bytes, or there are more than ${maxHeaders}.`,
        {
          status: 431,
        },
      );
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return refusal("LIMIT_EXCEEDED", "The extensions of the body's chunks are too large.", { status: 413 });
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return refusal("DEADLINE_EXCEEDED", "The request took too long to arrive.", { status: 408 });
    default:
      return refusal("BAD_USER_INPUT", "The request is not HTTP.", { status: 400 });
  }
}

/**
 * Answers a request that asks whether to send its body (`Expect: 100-continue`): one that announces too much is refused
 * before it is sent.
 */
export function answerExpectations(server: Server, maxBodyBytes: number, serve: Handler): void {
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    if (Number(request.headers["content-length"]) > maxBodyBytes) response.setHeader("connection", "close");
    else response.writeContinue();
    serve(request, response);
  });
  server.on("checkExpectation", ({ socket }: { socket: Socket }) => {
    const message = "The only expectation that is supported is 100-continue.";
    refuseUpgrade(socket, refusal("BAD_USER_INPUT", message, { status: 417 }));
  });
}
