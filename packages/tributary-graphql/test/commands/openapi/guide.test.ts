import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { pino } from "pino";
import { codeBlocks } from "tributary-testing/code-blocks.ts";
import { type Serving, serving } from "tributary-testing/serving.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generateService } from "../../../src/commands/openapi/generate.ts";
import { summaryOf } from "../../../src/commands/openapi/summary.ts";
import { CallLog } from "../../../src/core/call-log.ts";
import type { UpstreamScope } from "../../../src/rest/upstream.ts";
import { root, temporaryFolder } from "./support/documents.ts";

const run = promisify(execFile);
const tributary = join(root, "node_modules/.bin/tributary");
const blocks = codeBlocks(readFileSync(join(root, "docs/openapi.md"), "utf8"));
const textsOf = (title: string): string[] => blocks.filter((block) => block.title === title).map(({ text }) => text);
const textOf = (title: string): string => textsOf(title)[0] ?? expect.fail(`The guide has no block "${title}".`);

let folder: ReturnType<typeof temporaryFolder>;
let generated: Awaited<ReturnType<typeof generateService>>;
beforeAll(async () => {
  folder = temporaryFolder();
  const location = join(folder.path, "pets.yaml");
  writeFileSync(location, textOf("pets.yaml"));
  generated = await generateService({ location, name: "pets", out: join(folder.path, "pets-service.ts") });
});
afterAll(() => folder[Symbol.dispose]());

/** The shop of the guide's document, and the URLs of its requests. */
async function openShop(most: { ids: number }): Promise<Serving & { readonly asked: (string | undefined)[] }> {
  const pets = Array.from({ length: 20 }, (_, index) => ({ id: index + 1, name: `Pet ${index + 1}`, born: null }));
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const { pathname, searchParams } = new URL(url, "http://pets.test");
    const ids = searchParams.getAll("ids").map(Number);
    const one = /^\/pets\/(\d+)$/.exec(pathname);
    const body = one ? pets.find(({ id }) => id === Number(one[1])) : pets.filter(({ id }) => ids.includes(id));
    const status = ids.length > most.ids ? 400 : body ? 200 : 404;
    response.writeHead(status, { "content-type": "application/json", "cache-control": "max-age=60", etag: '"1"' });
    response.end(JSON.stringify(body ?? {}));
  });
  return Object.assign(await serving(server), { asked });
}

test("the summary is that of the guide", () => {
  expect(`${summaryOf(generated.file, "datasources/pets-service.ts")}\n`).toBe(textOf("summary"));
});

test("the code of the guide is generated", () => {
  const code = readFileSync(generated.path, "utf8");
  const shown = textsOf("generated");
  expect(shown.length).toBeGreaterThan(2);
  expect(shown.filter((text) => !code.includes(text))).toEqual([]);
});

test("the usage of the guide compiles, and ten pets are one call", async () => {
  const usage = textOf("usage");
  const path = join(folder.path, "usage.ts");
  writeFileSync(path, usage);
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: { lib: ["esnext", "dom"] },
    include: ["*.ts"],
    exclude: [],
  };
  writeFileSync(join(folder.path, "tsconfig.json"), JSON.stringify(config));
  await expect(run(join(root, "node_modules/.bin/tsc"), ["-p", folder.path])).resolves.toMatchObject({ stdout: "" });

  await using shop = await openShop({ ids: 100 });
  const { createPets, petNames } = await import(pathToFileURL(path).href);
  const pets = createPets(shop.url, "secret");
  const calls = new CallLog();
  const scope: UpstreamScope = {
    calls,
    signal: new AbortController().signal,
    log: pino({ level: "silent" }),
    headers: new Headers(),
  };
  const names = await petNames(pets, scope, [3, 1, 99, 2, 4, 5, 6, 7, 8, 9]);
  await pets.close();
  expect(names).toEqual(["Pet 3", "Pet 1", null, ...[2, 4, 5, 6, 7, 8, 9].map((id) => `Pet ${id}`)]);
  expect(shop.asked).toEqual(["/pets?ids=3&ids=1&ids=99&ids=2&ids=4&ids=5&ids=6&ids=7&ids=8&ids=9"]);
  expect(calls.entries).toMatchObject([{ source: "pets", call: "petsByIds", keys: 10, rows: 9 }]);
}, 60_000);

test("the probe passes and prints the report of the guide; when the shop takes fewer ids, it fails", async () => {
  const most = { ids: 100 };
  await using shop = await openShop(most);
  const probe = () =>
    run(process.execPath, [tributary, "probe", generated.path, "--base-url", shop.url, "--keys", "1,2,3"], {
      cwd: root,
    });
  const record = generated.path.replace(/\.ts$/, ".probe.json");
  const { stdout } = await probe();
  const shown = textOf("probe")
    .replace("https://pets.example/v1", shop.url)
    .replace("datasources/pets-service.probe.json", record);
  expect(stdout).toBe(shown);
  expect(JSON.parse(readFileSync(record, "utf8"))).toMatchObject({
    petsByIds: { baseUrl: shop.url, maxKeys: 100, calls: 9 },
  });

  most.ids = 40;
  await expect(probe()).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining(textOf("changed")) });
  expect(JSON.parse(readFileSync(record, "utf8"))).toMatchObject({ petsByIds: { maxKeys: 40 } });
});

test("the probe without arguments shows its usage, and fails with one line without a required one", async () => {
  const command = (...args: string[]) => run(process.execPath, [tributary, "probe", ...args], { cwd: root });
  expect((await command()).stdout).toContain("tributary probe <declaration> --base-url <url> --keys");
  const stderr = 'Expected a declaration, --base-url and --keys. "tributary probe --help" shows the usage.\n';
  await expect(command(generated.path)).rejects.toMatchObject({ code: 1, stderr });
  const none = ["none.ts", "--base-url", "http://127.0.0.1", "--keys", "1"];
  await expect(command(...none)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^none\.ts cannot be loaded: .*\n$/),
  });
  expect(existsSync(join(root, "none.probe.json"))).toBe(false);
});
