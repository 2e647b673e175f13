import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { codeBlocks } from "tributary-testing/code-blocks.ts";
import { addressIn, runServer } from "tributary-testing/server-process.ts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

// The compiler, the linter and tests run in a copy of the repository.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const root = fileURLToPath(new URL("../..", import.meta.url));
const blocks = codeBlocks(readFileSync(`${root}docs/your-own-graph.md`, "utf8"));
const commandsOf = (section: string): string[] =>
  blocks
    .find((block) => block.section === section && block.language === "sh")
    ?.text.trim()
    .split("\n") ?? [];
const wordsAfter = (start: string, commands: readonly string[]): string[] =>
  commands.filter((command) => command.startsWith(start)).flatMap((command) => command.slice(start.length).split(" "));

const albums = [
  { id: 1, title: "Blue Train", artist: "John Coltrane" },
  { id: 2, title: "Kind of Blue", artist: "Miles Davis" },
  { id: 3, title: "Saxophone Colossus", artist: "Sonny Rollins" },
  { id: 4, title: "Time Out", artist: "Dave Brubeck" },
];

let copy: string;
let reviews: Server;
let environment: Record<string, string>;
const requests: string[] = [];

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), "tributary-own-graph-"));
  const files = git(root, "ls-files", "--cached", "--others", "--exclude-standard").split("\n");
  for (const file of files) cpSync(join(root, file), join(copy, file), { force: false, errorOnExist: false });
  linkPackages();
  git(copy, "init", "--quiet", "--initial-branch=main");
  commit("Atlas");
  deleteAtlas();
  for (const { language, title, text } of blocks.filter(({ title: file }) => file !== "")) {
    expect([language, title]).not.toContain("");
    mkdirSync(dirname(join(copy, title)), { recursive: true });
    writeFileSync(join(copy, title), text);
  }
  const database = new DatabaseSync(join(copy, "shop.sqlite"));
  database.exec("create table album (id integer primary key, title text not null, artist text not null)");
  const insert = database.prepare("insert into album values (?, ?, ?)");
  for (const { id, title, artist } of albums) insert.run(id, title, artist);
  database.close();
  reviews = createServer(({ url = "" }, response) => {
    requests.push(url);
    const ids = new URL(url, "http://reviews.test").searchParams.get("albumIds")?.split(",").map(Number) ?? [];
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(ids.map((albumId) => ({ albumId, stars: albumId, text: "Good." }))));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => reviews.once("listening", resolve));
  const { port } = reviews.address() as AddressInfo;
  environment = { REVIEWS_URL: `http://127.0.0.1:${port}`, DATABASE_URL: "sqlite:shop.sqlite" };
});
afterAll(() => {
  reviews.close();
  rmSync(copy, { recursive: true, force: true });
});

function git(folder: string, ...args: string[]): string {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
  return execFileSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8" }).trim();
}

function commit(message: string): void {
  git(copy, "add", "--all");
  git(copy, "commit", "--quiet", "--message", message);
}

/** Links the installed packages, and the packages of the copy instead of those of this repository. */
function linkPackages(): void {
  const installed = join(root, "node_modules");
  const packages = join(copy, "node_modules");
  mkdirSync(join(packages, ".bin"), { recursive: true });
  for (const name of readdirSync(installed).filter((each) => !each.startsWith("."))) {
    const own = name.startsWith("tributary-") ? join(copy, "packages", name) : join(installed, name);
    symlinkSync(own, join(packages, name));
  }
  for (const name of readdirSync(join(installed, ".bin"))) {
    const own =
      name === "tributary" ? join(copy, "packages/tributary-graphql/src/bin.ts") : join(installed, ".bin", name);
    symlinkSync(own, join(packages, ".bin", name));
  }
}

function deleteAtlas(): void {
  const commands = commandsOf("1. Delete Atlas");
  for (const path of wordsAfter("rm -r ", commands)) rmSync(join(copy, path), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(copy, "package.json"), "utf8"));
  for (const name of wordsAfter("npm uninstall ", commands)) {
    expect(Object.keys(manifest.dependencies)).toContain(name);
    delete manifest.dependencies[name];
  }
  for (const script of wordsAfter("npm pkg delete ", commands)) {
    const name = script.replace("scripts.", "");
    expect(Object.keys(manifest.scripts)).toContain(name);
    delete manifest.scripts[name];
  }
  writeFileSync(join(copy, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Runs a command in the copy. Resolves with its output; rejects with it if the command fails. */
async function run(command: string, ...args: string[]): Promise<string> {
  const { SCHEMA_BASE: _, CI: __, ...inherited } = process.env;
  const env = { ...inherited, ...environment, PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}` };
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, { cwd: copy, env, maxBuffer: 2 ** 26 });
    return `${stdout}${stderr}`;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

test("all commands of the guide succeed in a copy without Atlas", async () => {
  const [, , , ...rest] = commandsOf("7. Run it");
  expect(rest).toEqual(["npm run check", "npm test", "npm start"]);
  await run("npm", "run", "codegen");
  await run("npm", "run", "calls:record");
  await run("npm", "run", "schema:approve", "--", "--start-afresh", "--reason", "The shop takes the place of Atlas.");
  await run("npx", "biome", "check", "--write", "operations", "package.json");
  const checked = await run("npm", "run", "check");
  expect(checked).toMatch(/ok +check:types\nok +check:lint\nok +check:generated\nok +check:schema\nok +check:calls/);
  expect(readFileSync(join(copy, "operations/calls.json"), "utf8")).toContain('"reviews.reviewsByAlbum": 1');
});

test("the tests of the app and of the engine pass in the copy", async () => {
  // One folder of the engine's tests; all of them would take minutes.
  const output = await run("npm", "test", "--", "test/albums", "packages/tributary-graphql/test/relay");
  expect(output).toMatch(/Test Files .*\d+ passed/);
  expect(output).toContain("test/albums.test.ts");
});

test("the app in the copy starts, and reads four albums with their reviews with two calls", async () => {
  requests.length = 0;
  const command = [process.execPath, "server.ts"];
  const server = runServer("server.ts", { ...environment, PORT: "0" }, { folder: copy, command });
  const url = addressIn(await server.line("listening on "));
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", "x-tributary-calls": "1" },
    body: JSON.stringify({ query: "{ albums { id title reviews { stars } } }" }),
  });
  const { data, extensions } = await response.json();
  expect(data.albums).toEqual(albums.map(({ id, title }) => ({ id: String(id), title, reviews: [{ stars: id }] })));
  expect(extensions.calls.map(({ source, call }: { source: string; call: string }) => `${source}.${call}`)).toEqual([
    "database.albums",
    "reviews.reviewsByAlbum",
  ]);
  expect(requests).toEqual(["/reviews?albumIds=1,2,3,4"]);
});
