import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** The message of a service to the process that started it, once it answers. */
export interface ReadyMessage {
  readonly port: number;
}

/**
 * Runs one service as a process: listens on the loopback address at the port given as the first argument (default: a
 * free one) and says so. Started by another process it tells the port over the IPC channel, and ends as soon as that
 * channel closes, whether the parent asked for it or was killed. Ctrl-C in a terminal and a supervisor's SIGTERM reach
 * every process of the group; a child ignores them, so that the gateway can still finish requests that need the service.
 * Started by hand it prints its address and ends with Ctrl-C.
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
