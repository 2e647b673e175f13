import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { PostgresAnswer } from "./postgres-process.ts";

/** A PostgreSQL server for a test run. */
export interface PostgresServer {
  /** URL of its maintenance database. */
  readonly url: string;
  stop(): Promise<void>;
}

const postgresProcess = fileURLToPath(new URL("./postgres-process.ts", import.meta.url));

/** Starts PostgreSQL on a free port, with a data folder that `stop` removes. Rejects when it does not start. */
export async function startPostgres(): Promise<PostgresServer> {
  const child = fork(postgresProcess, { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const exited = once(child, "exit");
  const [answer]: PostgresAnswer[] = await Promise.race([once(child, "message"), exited.then(() => [])]);
  const stop = async () => {
    if (child.connected) child.disconnect();
    await exited;
  };
  if (answer !== undefined && "url" in answer) return { url: answer.url, stop };
  await stop();
  throw new Error(answer?.reason ?? "PostgreSQL does not start: its process exited.");
}
