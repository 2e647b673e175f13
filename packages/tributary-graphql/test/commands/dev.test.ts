import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { childrenOf, isRunning, runServer, type ServerProcess } from "tributary-testing/server-process.ts";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

const tributary = fileURLToPath(new URL("../../src/bin.ts", import.meta.url));
const pollOptions = { timeout: 20_000 };

let folder: string;

/** A small app: a server that prints a loaded text, and keeps running. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-dev-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await write("package.json", JSON.stringify({ type: "module", scripts: { dev: `node ${tributary} dev` } }));
  await write(
    "server.ts",
    `import { greeting } from "./schema/greeting.ts"; console.log(greeting); setInterval(() => {}, 60_000);`,
  );
  await write("schema/greeting.ts", greeting("hello 0"));
});

const greeting = (text: string): string => `export const greeting: string = ${JSON.stringify(text)};`;

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

/** Saves as many editors do: writes a new file and renames it. */
async function saveByRenaming(file: string, text: string): Promise<void> {
  await write(`${file}~`, text);
  await rename(join(folder, `${file}~`), join(folder, file));
}

function run(...nodeArguments: string[]): ServerProcess {
  const server = runServer(tributary, {}, { folder, command: [process.execPath, tributary, "dev", ...nodeArguments] });
  // With SIGKILL, as at the end of a test, the small server would keep running.
  onTestFinished(async () => {
    server.process.kill("SIGTERM");
    await server.exit;
  });
  return server;
}

describe("npm run dev", () => {
  test.each([
    ["writes into the file", write],
    ["saves by renaming", saveByRenaming],
  ])("sees every edit of an editor that %s", async (_, save) => {
    const server = run();
    await server.line("hello 0");
    for (const edit of [1, 2, 3]) {
      await save("schema/greeting.ts", greeting(`hello ${edit}`));
      await server.line(`hello ${edit}`);
    }
    expect(await childrenOf(server.pid)).toHaveLength(1);
  });

  test("sees a new file, and waits for the next edit when the server exits", async () => {
    const server = run();
    await server.line("hello 0");
    await saveByRenaming("schema/greeting.ts", `export { greeting } from "./other.ts";`);
    await server.line("dev: the server exited");
    await write("schema/other.ts", greeting("hello other"));
    await server.line("hello other");
  });

  test("does not restart after a change of a file that the server does not read", async () => {
    const server = run();
    await server.line("hello 0");
    for (const file of ["README.md", ".data/atlas.sqlite", "node_modules/a/index.js", "test/a.test.ts", "a.log"])
      await write(file, "changed");
    await saveByRenaming("schema/greeting.ts", greeting("hello 1"));
    await server.line("hello 1");
    expect(server.lines()).toEqual(["hello 0", "dev: schema/greeting.ts has changed, the server restarts", "hello 1"]);
  });

  test("leaves no process behind when npm is stopped", async () => {
    const npm = runServer(tributary, {}, { folder, command: ["npm", "run", "--silent", "dev"] });
    await npm.line("hello 0");
    const below = await descendantsOf(npm.pid);
    expect(below.length).toBeGreaterThanOrEqual(2);
    npm.process.kill("SIGTERM");
    await expect.poll(() => below.filter(isRunning), pollOptions).toEqual([]);
  });

  test.each(["SIGINT", "SIGHUP"] as const)("leaves no process behind when its terminal sends %s", async (signal) => {
    const npm = runServer(tributary, {}, { folder, command: ["npm", "run", "--silent", "dev"], detached: true });
    await npm.line("hello 0");
    const below = await descendantsOf(npm.pid);
    process.kill(-npm.pid, signal);
    await expect.poll(() => below.filter(isRunning), pollOptions).toEqual([]);
  });

  test("the server can be debugged, after a restart too", async () => {
    const server = run("--inspect=127.0.0.1:0");
    await server.line("Debugger listening on ws://127.0.0.1:");
    await server.line("hello 0");
    await saveByRenaming("schema/greeting.ts", greeting("hello 1"));
    await server.line("hello 1");
    expect(server.lines().filter((line) => line.startsWith("Debugger listening on"))).toHaveLength(2);
  });
});

async function descendantsOf(pid: number): Promise<number[]> {
  const children = await childrenOf(pid);
  return [...children, ...(await Promise.all(children.map(descendantsOf))).flat()];
}
