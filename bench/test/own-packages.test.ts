import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const ownPackages = fileURLToPath(new URL("../own-packages.ts", import.meta.url));

const files = {
  "package.json": '{ "type": "module" }',
  "node_modules/both/index.js": 'exports.from = "the gateway\'s packages";',
  "bench/package.json": '{ "type": "module" }',
  "bench/node_modules/both/index.js": 'exports.from = "the peers\' packages";',
  "bench/graphs/ours.js": 'export { from } from "both";',
  "bench/peers/theirs.js": 'export { from } from "both";',
  "bench/main.ts": `
    import { useOwnPackages } from "./own-packages.ts";
    useOwnPackages();
    const [ours, theirs] = await Promise.all([import("./graphs/ours.js"), import("./peers/theirs.js")]);
    console.log(JSON.stringify({ ours: ours.from, theirs: theirs.from }));`,
};

test("own files of the benchmark import the gateway's packages, and peers import their own", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await copyFile(ownPackages, join(folder, "bench/own-packages.ts"));
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "bench/main.ts")]);
  expect(JSON.parse(stdout)).toEqual({ ours: "the gateway's packages", theirs: "the peers' packages" });
});
