import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { applyDiff, type CodeBlock } from "tributary-testing/code-blocks.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The files to run and check Atlas, without tests. */
const copied = [
  ...["server.ts.js", "start.ts", "config.ts", "tributary.config.ts"],
  ...["package.json", "tsconfig.json", "biome.json", ".gitignore"],
  ...["atlas", "datasources", "operations", "resolvers", "schema"],
];

/** A copy of the source in a temporary folder, for changes. */
export interface SourceCopy extends Disposable {
  readonly root: string;
  read(path: string): string;
  /** Applies a code block of a guide: writes a new file, or applies a diff. */
  apply(block: CodeBlock): void;
  /** Runs a program of `node_modules/.bin`. Rejects with its output if it fails. */
  run(program: string, ...args: string[]): Promise<void>;
  /** Starts `server.ts` and resolves when it is ready. */
  start(environment: Readonly<Record<string, string>>): Promise<StartedServer>;
}

export interface StartedServer extends AsyncDisposable {
  readonly url: string;
}

export function copySource(): SourceCopy {
  const copy = mkdtempSync(join(tmpdir(), "tributary-docs-"));
  for (const path of copied) cpSync(join(root, path), join(copy, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const read = (path: string): string => readFileSync(join(copy, path), "utf8");
  return {
    root: copy,
    read,
    apply: ({ language, title, text }) => {
      const file = join(copy, title);
      const isChange = language === "diff";
      if (existsSync(file) !== isChange) throw new Error(`${title} ${isChange ? "does not exist" : "exists already"}.`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, isChange ? applyDiff(read(title), text) : text);
    },
    run: (program, ...args) => runProgram(copy, join("node_modules/.bin", program), args),
    start: (environment) => startServer(copy, environment),
    [Symbol.dispose]: () => rmSync(copy, { recursive: true, force: true }),
  };
}

async function runProgram(cwd: string, program: string, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(program, args, { cwd });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

async function startServer(cwd: string, environment: Readonly<Record<string, string>>): Promise<StartedServer> {
  const server = spawn(process.execPath, ["server.ts"], { cwd, env: { ...process.env, ...environment } });
  const exited = once(server, "exit");
  const printed: string[] = [];
  server.stderr.setEncoding("utf8").on("data", (text: string) => printed.push(text));
  const stop = async () => {
    server.kill("SIGTERM");
    await exited;
  };
  for await (const line of createInterface(server.stdout)) {
    const url = /^listening on (.+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    server.stdout.resume();
    return { url, [Symbol.asyncDispose]: stop };
  }
  throw new Error(`The server did not start:\n${printed.join("")}`);
}
