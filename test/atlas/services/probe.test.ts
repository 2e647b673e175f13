import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SomeServices, startServices } from "../../../atlas/services/start-services.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const declarations = fileURLToPath(new URL("countries-declarations.ts", import.meta.url));

let services: SomeServices;
let folder: string;
beforeAll(async () => {
  services = await startServices({ only: ["countries"] });
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

/** Runs `tributary probe` for a declaration, and reads the file that it writes. */
async function probe(batch: string, ...more: string[]): Promise<Probed> {
  const out = join(folder, `${batch}.json`);
  const options = ["--base-url", services.countriesUrl ?? "", "--keys", "DE,FR,NO", "--batch", batch, "--out", out];
  const args = [join(root, "node_modules/.bin/tributary"), "probe", declarations, ...options, ...more];
  const { promise, resolve } = Promise.withResolvers<Pick<Probed, "exitCode" | "output">>();
  execFile(process.execPath, args, { cwd: root }, (error, output, errors) =>
    resolve({ exitCode: Number(error?.code ?? 0), output: output + errors }),
  );
  const ended = await promise;
  const records = JSON.parse(await readFile(out, "utf8"));
  return { ...ended, ...records[batch] };
}

describe("tributary probe with the embedded countries service", () => {
  test("confirms 150 keys per call", async () => {
    const { exitCode, output, findings, maxKeys } = await probe("countriesByCode");
    expect(findings.filter(({ verdict }) => verdict === "broken")).toEqual([]);
    expect([exitCode, maxKeys]).toEqual([0, 150]);
    expect(output).toContain("The service behaves as the declaration assumes. The largest call had 150 keys.");
  });

  test("finds that keys after the 1000th are silently ignored", async () => {
    const { exitCode, findings, maxKeys } = await probe("tooManyKeys", "--max-url-length", "15000");
    expect(findings).toContainEqual(expect.objectContaining({ about: "maximum", verdict: "broken" }));
    expect([exitCode, maxKeys]).toEqual([1, 1000]);
  });

  test("finds that an unknown parameter returns all countries", async () => {
    const { exitCode, findings } = await probe("unknownParameter");
    const words = expect.stringContaining("returns 250 rows");
    expect(findings).toContainEqual(expect.objectContaining({ verdict: "broken", words }));
    expect(exitCode).toBe(1);
  });
});
