import { builder } from "./builder.ts";

builder.subscriptionType({
  description: "What changes while a client listens, over server-sent events or WebSocket.",
});
