import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { appRoot } from "../app.ts";
import { CommandError } from "../command-error.ts";

/** Formats code with the app's Biome, and sorts its imports. Returns it unchanged if the app has no Biome. */
export async function formatted(code: string, ending: "ts" | "json" = "ts"): Promise<string> {
  const biome = findBiome();
  if (biome === undefined) return code;
  const args = ["check", "--write", "--linter-enabled=false", `--stdin-file-path=datasources/a-service.${ending}`];
  const child = spawn(process.execPath, [biome, ...args], { cwd: appRoot() });
  child.stdin.end(code);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (output.trim() === "") throw new CommandError(`Biome cannot format the generated code:\n${errors}`);
  return output;
}

function findBiome(): string | undefined {
  try {
    return createRequire(join(appRoot(), "package.json")).resolve("@biomejs/biome/bin/biome");
  } catch {
    return undefined;
  }
}
