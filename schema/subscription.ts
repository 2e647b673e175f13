import { builder } from "./builder.ts";

builder.subscriptionType({
  description: "Events, over server-sent events or WebSocket.",
});
