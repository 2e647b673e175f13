import cluster from "node:cluster";
import inspector from "node:inspector";
import type { ClusterState } from "../http/health.ts";
import type { Figures } from "../telemetry/metrics/figures.ts";
import {
  type Charges,
  type Command,
  type CommandMessage,
  isCommand,
  isNotice,
  type ListeningAddress,
  type ReplyMessage,
  workerNumberVariable,
} from "./messages.ts";

/** How a worker executes the commands of its primary. */
export interface WorkerTasks<Shared> {
  /** Listens on this port; 0 picks a free one, the same for all workers. */
  listen(port: number): Promise<ListeningAddress>;
  /** Opens the app's resources. `shared` is the result of the primary's `prepare`. */
  open(shared: Shared): Promise<void>;
  /** Shuts down gracefully while other workers serve: no request may fail. */
  retire(): Promise<void>;
  /** Shuts down gracefully, as all workers do. */
  close(): Promise<void>;
  /** Its metrics, for the sum of all workers. Default: none. */
  figures?(): Promise<readonly Figures[]>;
}

/** What clients were charged, between the workers of a cluster. */
export interface ChargesChannel {
  send(charges: Charges): void;
  /** Sets the listener for the charges of the other workers. */
  onReceive(listener: (charges: Charges) => void): void;
}

/** The channel from a worker to its primary. */
export interface PrimaryConnection<Shared> {
  /** The number of the worker's slot, counted from 1. Its replacement gets the same number. */
  readonly workerNumber: number;
  /** Asks the primary for a replacement. When that is ready, this worker retires. */
  askForReplacement(): void;
  /** The last state of the cluster that the primary sent. */
  clusterState(): ClusterState;
  readonly charges: ChargesChannel;
  /** The metrics of all workers in Prometheus' text format, which the primary sums. */
  clusterMetrics(): Promise<string>;
  /** Executes the primary's commands with these tasks, including those that have already arrived. */
  obey(tasks: WorkerTasks<Shared>): void;
}

/** Whether this process was started by a primary. */
export const isWorker = (): boolean => cluster.isWorker;

/**
 * Leaves the control of this process to its primary. Signals that a terminal sends to the whole process group are ignored
 * here; SIGTERM asks the primary for a replacement. When the primary exits, for whatever reason, this process is killed.
 * Its log has to be written to `process.stdout`.
 */
export function connectToPrimary<Shared>(): PrimaryConnection<Shared> {
  for (const signal of ["SIGINT", "SIGHUP", "SIGUSR2"] as const) process.on(signal, () => {});
  const askForReplacement = () => send({ wants: "replacement" });
  process.on("SIGTERM", askForReplacement);
  process.prependListener("disconnect", endWithPrimary);
  // A write fails when the primary has exited, and then this process exits as well.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => {});
  let clusterState: ClusterState = { state: "starting", failed: {} };
  let onCharges: (charges: Charges) => void = () => {};
  const metricsWaiting = new Map<number, (text: string) => void>();
  let metricsWanted = 0;
  const tasks = Promise.withResolvers<WorkerTasks<Shared>>();
  process.on("message", async (message: unknown) => {
    if (isCommand(message)) {
      send(await replyTo(message, await tasks.promise));
      // The primary has closed the channel, so no command to exit can arrive.
      if (message.command.name === "close" && !process.connected) process.exit(0);
    }
    if (!isNotice(message)) return;
    if ("exit" in message) process.exit(0);
    if ("charges" in message) onCharges(message.charges);
    else if ("metrics" in message) {
      metricsWaiting.get(message.number)?.(message.metrics);
      metricsWaiting.delete(message.number);
    } else clusterState = message.state;
  });
  return {
    workerNumber: Number(process.env[workerNumberVariable]),
    askForReplacement,
    clusterState: () => clusterState,
    charges: {
      send: (charges) => send({ charges }),
      onReceive(listener) {
        onCharges = listener;
      },
    },
    clusterMetrics() {
      const number = ++metricsWanted;
      const { promise, resolve } = Promise.withResolvers<string>();
      metricsWaiting.set(number, resolve);
      send({ wants: "metrics", number });
      return promise;
    },
    obey: tasks.resolve,
  };
}

async function replyTo<Shared>(message: CommandMessage, tasks: WorkerTasks<Shared>): Promise<ReplyMessage> {
  const { number, command } = message;
  try {
    return { answers: number, ...(await execute(command, tasks)) };
  } catch (error) {
    return { answers: number, failure: error instanceof Error ? error.message : String(error) };
  }
}

async function execute<Shared>(
  command: Command,
  tasks: WorkerTasks<Shared>,
): Promise<Pick<ReplyMessage, "address" | "isDebugged" | "figures">> {
  switch (command.name) {
    case "listen":
      return { address: await tasks.listen(command.port) };
    case "open":
      // The primary runs the same program, so the type holds.
      await tasks.open(command.shared as Shared);
      return {};
    case "retire":
      await tasks.retire();
      return command.takesFigures ? { figures: await figuresOf(tasks) } : {};
    case "close":
      await tasks.close();
      return {};
    case "figures":
      return { figures: await figuresOf(tasks) };
    case "ping":
      return { isDebugged: inspector.url() !== undefined };
    default:
      return command satisfies never;
  }
}

const figuresOf = async <Shared>(tasks: WorkerTasks<Shared>): Promise<readonly Figures[]> =>
  (await tasks.figures?.()) ?? [];

/**
 * Kills the process when the channel closes unexpectedly. Node would call `process.exit`, whose listeners may wait for a
 * reader that has gone. A worker that closes has disconnected on purpose, and exits when it has finished.
 */
function endWithPrimary(): void {
  if (!cluster.worker?.exitedAfterDisconnect) process.kill(process.pid, "SIGKILL");
}

/** Drops the message when the channel is closed. */
function send(message: object): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
