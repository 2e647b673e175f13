export type { ListeningAddress } from "../gateway/cluster/messages.ts";
export { Primary, type PrimaryOptions, type PrimaryTiming } from "../gateway/cluster/primary.ts";
export { connectToPrimary, isWorker, type PrimaryConnection, type WorkerTasks } from "../gateway/cluster/worker.ts";
export { guardProcess } from "../gateway/process-guard.ts";
export { linesForPeople } from "../gateway/telemetry/lines-for-people.ts";
export { logDestination } from "../gateway/telemetry/log-destination.ts";
