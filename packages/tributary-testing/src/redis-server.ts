import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { beforeAll, beforeEach, onTestFinished } from "vitest";
import { freePort } from "./free-port.ts";

/** A Redis for one test, on a port of its own. */
export interface RedisServer {
  readonly url: string;
  /** Fulfils when it accepts connections on the same port, with nothing in it. */
  start(): Promise<void>;
  /** Fulfils when its process has ended. */
  stop(): Promise<void>;
  /** Keeps its connections open and answers nothing, until `resume`. */
  pause(): void;
  resume(): void;
}

/** The path of Debian's package redis-server. `TEST_REDIS` overrides it. */
const program = process.env.TEST_REDIS ?? "/usr/bin/redis-server";

const isMissing = await promisify(execFile)(program, ["--version"]).then(
  () => false,
  () => true,
);

/** Skips the tests of this `describe` without Redis, or fails them when `CI` is `true`. */
export function needsRedis(): void {
  beforeAll(() => {
    if (isMissing && process.env.CI === "true") throw new Error(`No Redis to start: ${program} does not run.`);
  });
  beforeEach((context) => context.skip(isMissing, "No Redis to test with."));
}

/** Stopped when the test has finished. It writes nothing to the disk. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  let running: Running | undefined;
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      running = await run(port);
    },
    async stop() {
      const stopped = running;
      running = undefined;
      await stopped?.stop();
    },
    pause: () => void running?.signal("SIGSTOP"),
    resume: () => void running?.signal("SIGCONT"),
  };
  onTestFinished(() => server.stop());
  await server.start();
  return server;
}

interface Running {
  signal(name: NodeJS.Signals): void;
  stop(): Promise<void>;
}

async function run(port: number): Promise<Running> {
  const options = { port, bind: "127.0.0.1", save: "", appendonly: "no", daemonize: "no" };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "ignore"] });
  const exited = once(child, "exit");
  const ready = Promise.withResolvers<true>();
  let log = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    log += text;
    if (log.includes("Ready to accept connections")) ready.resolve(true);
  });
  if (!(await Promise.race([ready.promise, exited.then(() => false)]))) throw new Error(`Redis does not start: ${log}`);
  return {
    signal: (name) => void child.kill(name),
    async stop() {
      // One that is paused would not end by SIGTERM.
      child.kill("SIGKILL");
      await exited;
    },
  };
}
