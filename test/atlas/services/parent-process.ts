import { startServices } from "../../../atlas/services/start-services.ts";

/** A process that start-services.test.ts kills: it starts a service, sends its URL and keeps running. */
const { sunUrl } = await startServices({ sunLatencyMs: 0, only: ["sun"] });
process.send?.(sunUrl);
