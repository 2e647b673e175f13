import type { ChildProcess } from "node:child_process";

/** The messages of `node:cluster` about a connection. */
interface ClusterMessage {
  readonly cmd?: unknown;
  readonly act?: unknown;
  readonly seq?: unknown;
  readonly ack?: unknown;
}

interface Connection {
  close(): void;
}

/**
 * Closes the connections that were handed to a worker which ended before it took them. `node:cluster` keeps such a
 * connection open, served by nobody, and its client would wait until its own timeout; so it sees at once that it is to
 * connect anew.
 */
export function closeUntakenConnections(worker: ChildProcess): void {
  const untaken = new Map<unknown, Connection>();
  const send = worker.send;
  worker.send = function (this: ChildProcess, ...sent: unknown[]): boolean {
    const [message, connection] = sent as [ClusterMessage, Connection | undefined];
    if (message?.cmd === clusterCommand && message.act === "newconn" && connection)
      untaken.set(message.seq, connection);
    return Reflect.apply(send, this, sent);
  } as typeof worker.send;
  worker.on("internalMessage", ({ cmd, ack }: ClusterMessage) => {
    if (cmd === clusterCommand && ack !== undefined) untaken.delete(ack);
  });
  worker.once("exit", () => {
    for (const connection of untaken.values()) connection.close();
    untaken.clear();
  });
}

const clusterCommand = "NODE_CLUSTER";
