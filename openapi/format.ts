import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { CheckError } from "../checks/check-error.ts";
import { root } from "../checks/current-schema.ts";

/** Formatted and with its imports in order, as `npm run check:lint` wants a file of `datasources/`. */
export async function formatted(code: string, ending: "ts" | "json" = "ts"): Promise<string> {
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  const args = ["check", "--write", "--linter-enabled=false", `--stdin-file-path=datasources/a-service.${ending}`];
  const child = spawn(process.execPath, [biome, ...args], { cwd: root });
  child.stdin.end(code);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (output.trim() === "") throw new CheckError(`The generated code cannot be formatted.\n${errors}`);
  return output;
}
