import { CheckError } from "./command-error.ts";

interface Command {
  /** One line for the usage. */
  readonly summary: string;
  /** Whether it is about the app of `tributary.config.ts`, which says where its files are. */
  readonly isOfApp?: boolean;
  /** False when the command has found a fault, which it has told. */
  run(args: readonly string[]): Promise<boolean>;
}

/** By its words, as they are typed behind `tributary`. */
const commands: Readonly<Record<string, Command>> = {
  check: {
    summary: "runs every check:* script of package.json, one after the other",
    run: async () => (await import("./check.ts")).command(),
  },
  codegen: {
    summary: "writes the printed schema and the typed operations; --check only looks whether they are up to date",
    isOfApp: true,
    run: async (args) => (await import("./codegen/codegen.ts")).command(args),
  },
  "calls check": {
    summary: "holds the operations of the clients to the calls that are recorded for them",
    isOfApp: true,
    run: async (args) => (await import("./calls/check-calls.ts")).command(args),
  },
  "calls record": {
    summary: "records the calls that the operations of the clients make",
    isOfApp: true,
    run: async (args) => (await import("./calls/record-calls.ts")).command(args),
  },
  "schema check": {
    summary: "compares the schema with an earlier commit, and fails when it breaks clients",
    isOfApp: true,
    run: async (args) => (await import("./schema/check-schema.ts")).command(args),
  },
  "schema approve": {
    summary: "approves changes that break clients, with a reason",
    isOfApp: true,
    run: async (args) => (await import("./schema/approve-schema.ts")).command(args),
  },
  openapi: {
    summary: "writes the typed declaration of a REST service from its OpenAPI document",
    run: async (args) => (await import("./openapi/generate.ts")).command(args),
  },
  probe: {
    summary: "asks a live service whether it does what a declared batch read assumes",
    run: async (args) => (await import("./openapi/probe.ts")).command(args),
  },
  dev: {
    summary: "runs server.ts, and again after each change; options are handed to Node",
    run: async (args) => (await import("./dev.ts")).command(args),
  },
};

export const usage = (): string => {
  const width = Math.max(...Object.keys(commands).map((name) => name.length)) + 2;
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}${summary}`);
  return [
    "Usage: tributary <command> [options]",
    "",
    ...lines,
    "",
    "The app is described by tributary.config.ts.",
  ].join("\n");
};

/**
 * Runs the command that these arguments name.
 *
 * @returns false when it has found a fault, which it has told
 * @throws CheckError for a command that there is not, and for what a command cannot do
 */
export async function runCli(args: readonly string[]): Promise<boolean> {
  const [first = "--help", second = "", ...rest] = args;
  if (first === "--help" || first === "-h" || first === "help") {
    console.log(usage());
    return true;
  }
  const inTwoWords = commands[`${first} ${second}`];
  if (inTwoWords) return runCommandOf(inTwoWords, rest);
  const inOne = Object.hasOwn(commands, first) ? commands[first] : undefined;
  if (inOne) return runCommandOf(inOne, args.slice(1));
  throw new CheckError(`There is no command "${args.slice(0, 2).join(" ")}".\n\n${usage()}`);
}

async function runCommandOf(command: Command, args: readonly string[]): Promise<boolean> {
  if (command.isOfApp) {
    const { loadAppConfig } = await import("./app.ts");
    await loadAppConfig();
  }
  return command.run(args);
}
