import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SomeDemoServices, startDemoServices } from "../../../atlas/services/spawn.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const declarations = fileURLToPath(new URL("countries-declarations.ts", import.meta.url));

let services: SomeDemoServices;
let folder: string;
beforeAll(async () => {
  services = await startDemoServices({ only: ["countries"] });
  folder = await mkdtemp(join(tmpdir(), "tributary-probe-"));
});
afterAll(async () => {
  await services.stop();
  await rm(folder, { recursive: true });
});

interface Probed {
  readonly exitCode: number;
  readonly output: string;
  readonly maxKeys: number;
  readonly findings: readonly { readonly about: string; readonly verdict: string; readonly words: string }[];
}

/** Runs `tributary probe` for one of the declarations, and reads the record that it writes. */
async function probe(batch: string, ...more: string[]): Promise<Probed> {
  const out = join(folder, `${batch}.json`);
  const which = ["--base-url", services.countriesUrl ?? "", "--keys", "DE,FR,NO", "--batch", batch, "--out", out];
  const args = [join(root, "node_modules/.bin/tributary"), "probe", declarations, ...which, ...more];
  const { promise, resolve } = Promise.withResolvers<Pick<Probed, "exitCode" | "output">>();
  execFile(process.execPath, args, { cwd: root }, (error, output, errors) =>
    resolve({ exitCode: Number(error?.code ?? 0), output: output + errors }),
  );
  const ended = await promise;
  const records = JSON.parse(await readFile(out, "utf8"));
  return { ...ended, ...records[batch] };
}

describe("tributary probe asks the embedded countries service, which", () => {
  test("can be asked for 150 codes at once", async () => {
    const { exitCode, output, findings, maxKeys } = await probe("countriesByCode");
    expect(findings.filter(({ verdict }) => verdict === "broken")).toEqual([]);
    expect([exitCode, maxKeys]).toEqual([0, 150]);
    expect(output).toContain("The service does what the declaration assumes. Most keys seen in one call: 150.");
  });

  test("is cut off without a word after 1000 codes, and that is found out", async () => {
    const { exitCode, findings, maxKeys } = await probe("tooManyAtOnce", "--max-url-length", "15000");
    expect(findings).toContainEqual(expect.objectContaining({ about: "maximum", verdict: "broken" }));
    expect([exitCode, maxKeys]).toEqual([1, 1000]);
  });

  test("gives all countries when a parameter's name is wrong, and that is found out", async () => {
    const { exitCode, findings } = await probe("wrongParameter");
    const words = expect.stringContaining("it gives 250 rows");
    expect(findings).toContainEqual(expect.objectContaining({ verdict: "broken", words }));
    expect(exitCode).toBe(1);
  });
});
