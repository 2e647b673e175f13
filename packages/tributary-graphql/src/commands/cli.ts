import { CommandError } from "./command-error.ts";

interface Command {
  /** One line for the usage. */
  readonly summary: string;
  /** Whether the command needs `tributary.config.ts`. */
  readonly needsConfig?: boolean;
  /** Fulfils with false when the command has found and printed a fault. */
  run(args: readonly string[]): Promise<boolean>;
}

/** The commands by their names, of one or two words. */
const commands: Readonly<Record<string, Command>> = {
  check: {
    summary: "runs every check:* script of package.json, one after the other",
    run: async () => (await import("./check.ts")).command(),
  },
  codegen: {
    summary: "writes the printed schema and the typed operations; --check only fails if they are out of date",
    needsConfig: true,
    run: async (args) => (await import("./codegen/codegen.ts")).command(args),
  },
  "calls check": {
    summary: "fails when a client operation makes more calls to sources than recorded",
    needsConfig: true,
    run: async (args) => (await import("./calls/check-calls.ts")).command(args),
  },
  "calls record": {
    summary: "records the calls to sources of the client operations",
    needsConfig: true,
    run: async (args) => (await import("./calls/record-calls.ts")).command(args),
  },
  "schema check": {
    summary: "compares the schema with an earlier commit, and fails on breaking changes",
    needsConfig: true,
    run: async (args) => (await import("./schema/check-schema.ts")).command(args),
  },
  "schema approve": {
    summary: "approves breaking changes, with a reason",
    needsConfig: true,
    run: async (args) => (await import("./schema/approve-schema.ts")).command(args),
  },
  openapi: {
    summary: "writes the typed declaration of a REST service from its OpenAPI document",
    run: async (args) => (await import("./openapi/generate.ts")).command(args),
  },
  probe: {
    summary: "tests whether a running service behaves as a declared batch read assumes",
    run: async (args) => (await import("./openapi/probe.ts")).command(args),
  },
  dev: {
    summary: "runs server.ts, and restarts it after each change; options are passed to Node",
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
    "The configuration of the app is in tributary.config.ts.",
  ].join("\n");
};

/**
 * Runs the command that these arguments name.
 * @returns false when the command has found and printed a fault
 * @throws CommandError for an unknown command, and when a command fails
 */
export async function runCli(args: readonly string[]): Promise<boolean> {
  const [first = "--help", second = "", ...rest] = args;
  if (first === "--help" || first === "-h" || first === "help") {
    console.log(usage());
    return true;
  }
  const ofTwoWords = commands[`${first} ${second}`];
  if (ofTwoWords) return runWithConfig(ofTwoWords, rest);
  const ofOneWord = Object.hasOwn(commands, first) ? commands[first] : undefined;
  if (ofOneWord) return runWithConfig(ofOneWord, args.slice(1));
  throw new CommandError(`Unknown command "${args.slice(0, 2).join(" ")}".\n\n${usage()}`);
}

async function runWithConfig(command: Command, args: readonly string[]): Promise<boolean> {
  if (command.needsConfig) {
    const { loadAppConfig } = await import("./app.ts");
    await loadAppConfig();
  }
  return command.run(args);
}
