import { startDemoServices } from "../../../atlas/services/spawn.ts";

/** What spawn.test.ts starts and kills: a process that starts one service, says where, and stays. */
const { sunUrl } = await startDemoServices({ sunLatencyMs: 0, only: ["sun"] });
process.send?.(sunUrl);
