import { takeScript } from "./redis-script.ts";

/** The client of Redis, as far as it is used here. */
export type RedisClient = Awaited<ReturnType<typeof createRedisClient>>;

/** The longest pause between two attempts to connect, in milliseconds. */
const maxReconnectMs = 2_000;

/** @throws Error with one line, where the client's package is not installed */
export async function createRedisClient(url: string) {
  const { createClient, defineScript } = await importPackage();
  const takeCost = defineScript({
    SCRIPT: takeScript,
    NUMBER_OF_KEYS: 1,
    parseCommand(parser, key: string, ...numbers: readonly number[]) {
      parser.pushKey(key);
      for (const number of numbers) parser.push(String(number));
    },
    transformReply: (reply: unknown) => reply as readonly [number, string],
  });
  return createClient({
    url,
    // A command that cannot be sent now fails: a queue would hold its request up.
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    // A connection that is open in name only does not answer to a ping, and is closed.
    pingInterval: 2_000,
    socket: { connectTimeout: 2_000, socketTimeout: 6_000, reconnectStrategy },
    scripts: { takeCost },
  });
}

/** With jitter: the processes of a gateway lose their connections at the same time. */
const reconnectStrategy = (retries: number): number =>
  Math.min(maxReconnectMs, 50 * 2 ** Math.min(retries, 10)) * (0.5 + Math.random() / 2);

async function importPackage() {
  try {
    return await import("@redis/client");
  } catch (error) {
    throw new Error("Redis needs the package @redis/client: npm install @redis/client", { cause: error });
  }
}
