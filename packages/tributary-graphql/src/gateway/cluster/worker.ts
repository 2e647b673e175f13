import cluster from "node:cluster";
import inspector from "node:inspector";
import type { ClusterState } from "../http/health.ts";
import {
  type Command,
  type CommandMessage,
  isCommand,
  isNotice,
  type ListeningAddress,
  type ReplyMessage,
  workerNumberVariable,
} from "./messages.ts";

/** The commands of the primary that a worker carries out. */
export interface WorkerTasks<Shared> {
  /** Takes connections at this port; 0 picks a free one, the same for all workers. */
  listen(port: number): Promise<ListeningAddress>;
  /** Opens what requests need, with what the primary prepared for all workers. */
  open(shared: Shared): Promise<void>;
  /** Goes while others serve on: no client may notice. */
  retire(): Promise<void>;
  /** Goes because all go. */
  close(): Promise<void>;
}

/** The way from a worker to its primary. */
export interface PrimaryConnection<Shared> {
  /** Which of the workers this one is, from 1 on; its successor has the same number. */
  readonly workerNumber: number;
  /** Asks for another worker in the slot of this one, which then retires. */
  askForReplacement(): void;
  /** How all workers are, as the primary last told it. */
  clusterState(): ClusterState;
  /** Carries out what the primary says, and what it has said already. */
  obey(tasks: WorkerTasks<Shared>): void;
}

/** Whether this process was started by a primary. */
export const isWorker = (): boolean => cluster.isWorker;

/**
 * Makes this process one that only its primary stops: signals to the whole group, as a terminal sends them, are the
 * primary's to act on. SIGTERM to this one alone asks the primary for a replacement. When the primary is gone, however it
 * went, this process ends at once. Its log has to be written through `process.stdout`.
 */
export function connectToPrimary<Shared>(): PrimaryConnection<Shared> {
  for (const signal of ["SIGINT", "SIGHUP", "SIGUSR2"] as const) process.on(signal, () => {});
  const askForReplacement = () => send({ wants: "replacement" });
  process.on("SIGTERM", askForReplacement);
  process.prependListener("disconnect", endWithPrimary);
  // The primary is gone, and this process will end.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => {});
  let whole: ClusterState = { state: "starting", failed: {} };
  const loaded = Promise.withResolvers<WorkerTasks<Shared>>();
  process.on("message", async (message: unknown) => {
    if (isCommand(message)) {
      send(await answer(message, await loaded.promise));
      // Nobody can tell it to go any more.
      if (message.command.name === "close" && !process.connected) process.exit(0);
    }
    if (!isNotice(message)) return;
    if ("exit" in message) process.exit(0);
    whole = message.state;
  });
  return {
    workerNumber: Number(process.env[workerNumberVariable]),
    askForReplacement,
    clusterState: () => whole,
    obey: loaded.resolve,
  };
}

async function answer<Shared>({ number, command }: CommandMessage, tasks: WorkerTasks<Shared>): Promise<ReplyMessage> {
  try {
    return { answers: number, ...(await carryOut(command, tasks)) };
  } catch (error) {
    return { answers: number, failure: error instanceof Error ? error.message : String(error) };
  }
}

async function carryOut<Shared>(
  command: Command,
  tasks: WorkerTasks<Shared>,
): Promise<Pick<ReplyMessage, "address" | "isDebugged">> {
  switch (command.name) {
    case "listen":
      return { address: await tasks.listen(command.port) };
    case "open":
      // The primary of this very program prepared it.
      await tasks.open(command.shared as Shared);
      return {};
    case "retire":
    case "close":
      await tasks[command.name]();
      return {};
    case "ping":
      return { isDebugged: inspector.url() !== undefined };
    default:
      return command satisfies never;
  }
}

/**
 * Node would have the process exit, and whatever runs at an exit may wait for a reader that is gone. A worker that closes
 * lets go of the channel itself, and ends when it is done.
 */
function endWithPrimary(): void {
  if (!cluster.worker?.exitedAfterDisconnect) process.kill(process.pid, "SIGKILL");
}

/** The channel is closed when the primary is gone, and then so is this process. */
function send(message: object): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
