import type { ExecutionResult } from "graphql";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { eventStreamFormat } from "../streaming/event-stream.ts";

/** A comment, which clients pass over. */
const heartbeat = ":\n\n";

/**
 * A subscription over server-sent events, in the distinct connections mode of GraphQL over SSE. The next event is taken
 * when the client has room for it. Its silence is filled with comments, so that no proxy takes it for dead; none is
 * written for a client that does not read.
 *
 * @param events published already; they end the run
 */
export function respondWithEvents(
  events: AsyncIterator<ExecutionResult, unknown>,
  request: GraphQLRequest,
  heartbeatMs: number,
): Response {
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  const stopBeating = (): void => clearInterval(timer);
  request.lifetime.executionSignal.addEventListener("abort", stopBeating, { once: true });
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // Sent at once, since some browsers hand over the response only when something has come.
      controller.enqueue(encoder.encode(eventStreamFormat.start));
      const beat = () => (controller.desiredSize ?? 0) > 0 && controller.enqueue(encoder.encode(heartbeat));
      timer = setInterval(beat, heartbeatMs);
    },
    async pull(controller) {
      const { done, value } = await events.next();
      timer?.refresh();
      controller.enqueue(
        encoder.encode(done ? eventStreamFormat.end : eventStreamFormat.payload(JSON.stringify(value))),
      );
      if (!done) return;
      stopBeating();
      controller.close();
    },
    async cancel() {
      stopBeating();
      await events.return?.();
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
