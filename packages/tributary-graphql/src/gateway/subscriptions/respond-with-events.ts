import type { GraphQLRequest } from "../request/graphql-request.ts";
import { eventStreamFormat } from "../streaming/event-stream.ts";
import type { Payload } from "../streaming/payload.ts";
import { maskErrors } from "../streaming/publish.ts";

/** A comment, which clients pass over. */
const heartbeat = ":\n\n";

/**
 * A subscription over server-sent events, in the distinct connections mode of GraphQL over SSE. The next event is taken
 * when the client has room for it. A comment is sent while there is none, so that no proxy closes the connection; a client
 * that does not read gets none. Ends the request.
 */
export function respondWithEvents(
  events: AsyncIterator<Payload, unknown>,
  request: GraphQLRequest,
  heartbeatMs: number,
): Response {
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  const stopHeartbeat = (): void => clearInterval(timer);
  const end = (): void => {
    stopHeartbeat();
    request.end(200);
  };
  request.lifetime.liftDeadline();
  request.report.startStream();
  request.lifetime.executionSignal.addEventListener("abort", stopHeartbeat, { once: true });
  request.lifetime.hold({ release: stopHeartbeat });
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    const { done, value } = await events.next();
    timer?.refresh();
    const text = done ? eventStreamFormat.end : eventStreamFormat.payload(JSON.stringify(maskErrors(value, request)));
    controller.enqueue(encoder.encode(text));
    if (!done) return;
    end();
    controller.close();
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // Sent at once: some browsers deliver the response only when a byte of it has arrived.
      controller.enqueue(encoder.encode(eventStreamFormat.start));
      const beat = () => (controller.desiredSize ?? 0) > 0 && controller.enqueue(encoder.encode(heartbeat));
      timer = setInterval(beat, heartbeatMs);
    },
    pull: (controller) =>
      pull(controller).catch((error: unknown) => {
        end();
        throw error;
      }),
    async cancel() {
      stopHeartbeat();
      try {
        await events.return?.();
      } finally {
        end();
      }
    },
  });
  return new Response(body, { status: 200, headers });
}

/** Caches and proxies that hold back a response until it is complete would keep every event. */
const headers = {
  "content-type": eventStreamFormat.contentType,
  "cache-control": "no-cache",
  "x-accel-buffering": "no",
};
