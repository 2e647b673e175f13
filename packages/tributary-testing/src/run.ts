import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Variables that npm and git set for the test run. The machine's own settings stay, for instance its registry. */
const setByTestRun = /^(GIT_|npm_(lifecycle|package|command|config_(local_prefix|workspaces?|json|dry_run|omit)$))/i;

/** Runs a program. Fulfils with its exit code and output, whatever the code. */
export async function run(program: string, args: readonly string[], { folder, environment }: RunOptions): Promise<Ran> {
  const inherited = Object.entries(process.env).filter(([name]) => !setByTestRun.test(name));
  const env = { ...Object.fromEntries(inherited), NO_COLOR: "1", FORCE_COLOR: "0", ...environment };
  try {
    return { code: 0, ...(await promisify(execFile)(program, args, { cwd: folder, env, maxBuffer: 2 ** 26 })) };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== "number") throw error;
    return { code, stdout, stderr };
  }
}

/** Runs a program. Fulfils with its standard output. @throws Error with all output when the exit code is not 0 */
export async function runOrThrow(program: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} exited with code ${code}:\n${stdout}${stderr}`);
  return stdout;
}
