import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** The message of a ready service to its parent process. */
export interface ReadyMessage {
  readonly port: number;
}

/**
 * Runs a service as a process that listens on 127.0.0.1 at the port of the first argument (default: a free port).
 * Started by hand, it prints its address and exits on Ctrl-C.
 *
 * A child process sends the port over the IPC channel, and exits when the channel closes: after `stop`, or when the
 * parent was killed. It ignores SIGINT and SIGTERM, which reach the whole process group, so that the gateway can finish
 * pending requests during its graceful shutdown.
 */
export async function runService(name: string, createServer: () => Server | Promise<Server>): Promise<void> {
  const isChild = process.send !== undefined;
  if (isChild) {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
    process.on("disconnect", () => process.exit(0));
  }
  const server = await createServer();
  const port = await listen(server, Number(process.argv[2] ?? 0));
  if (isChild) process.send?.({ port } satisfies ReadyMessage);
  else console.log(`${name} listening on http://127.0.0.1:${port}`);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
