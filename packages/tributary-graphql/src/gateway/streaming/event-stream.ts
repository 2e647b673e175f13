import type { StreamFormat } from "./stream-format.ts";

/** The distinct connections mode of GraphQL over server-sent events. JSON has no raw line breaks: one `data:` line. */
export const eventStreamFormat: StreamFormat = {
  contentType: "text/event-stream",
  // A comment, since some browsers deliver the response only when a byte of it has arrived.
  start: ":\n\n",
  payload: (json) => `event: next\ndata: ${json}\n\n`,
  end: "event: complete\ndata:\n\n",
};
