import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { serving } from "tributary-testing/serving.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateService } from "../../../src/commands/openapi/generate.ts";
import { summaryOf } from "../../../src/commands/openapi/summary.ts";
import { api, cyclicSchemas, ref, respondingWith, root, temporaryFolder } from "./support/documents.ts";

const run = promisify(execFile);
const examples = join(root, "node_modules/@readme/oas-examples");
const pets = { type: "array", items: ref("Pet") };
const document = api(
  { "/pets": { get: { operationId: "pets", ...respondingWith(pets) } } },
  { Pet: { type: "object", properties: { id: { type: "integer" } } } },
);

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder[Symbol.dispose]());

/** Writes a file in the temporary folder, and creates its folder. */
function written(name: string, text: string): string {
  const path = join(folder.path, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const generate = (location: string, name: string, more: object = {}) =>
  generateService({ location, name, out: join(folder.path, `${name}-service.ts`), ...more });

describe("real documents", () => {
  const documents = [
    "3.0/json/star-trek.json",
    "3.0/yaml/petstore.yaml",
    "3.0/yaml/link-example.yaml",
    "3.0/json/response-schemas.json",
    "3.1/yaml/train-travel.yaml",
    "3.1/json/readme.json",
  ];

  test("of both versions, and one with cyclic schemas, become code that compiles with strict options and passes the linter", async () => {
    using code = temporaryFolder();
    for (const path of documents) {
      const name = path.replaceAll(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+/, "");
      await generateService({ location: join(examples, path), name, out: join(code.path, `${name}-service.ts`) });
    }
    const paths = Object.fromEntries(
      Object.keys(cyclicSchemas).map((name) => [`/${name}`, { get: respondingWith(ref(name)) }]),
    );
    const location = written("cyclic.json", JSON.stringify(api(paths, cyclicSchemas)));
    await generateService({ location, name: "cyclic", out: join(code.path, "cyclic-service.ts") });
    expect(readdirSync(code.path)).toHaveLength(documents.length + 1);
    writeFileSync(
      join(code.path, "tsconfig.json"),
      // The program of the repository has the library of browsers too, because of its packages.
      JSON.stringify({
        extends: join(root, "tsconfig.json"),
        compilerOptions: { lib: ["esnext", "dom"] },
        include: ["*.ts"],
        exclude: [],
      }),
    );
    await expect(run(join(root, "node_modules/.bin/tsc"), ["-p", code.path])).resolves.toMatchObject({ stdout: "" });
    rmSync(join(code.path, "tsconfig.json"));
    const lint = ["check", "--error-on-warnings", "--vcs-enabled=false", `${relative(root, code.path)}/`];
    const { stderr, stdout } = await run(join(root, "node_modules/.bin/biome"), lint, { cwd: root });
    expect(`${stdout}${stderr}`).toContain(`Checked ${documents.length + 1} files`);
  }, 120_000);

  test("are summarized", async () => {
    const { file } = await generate(join(examples, "3.0/json/petstore.json"), "petstore");
    expect(file.plan.reads.map(({ name }) => name)).toContain("getPetById");
    expect(file.plan.batches.map(({ name }) => name)).toEqual([]);
    const summary = summaryOf(file, "petstore-service.ts");
    expect(summary).toMatch(/^Wrote petstore-service\.ts: 7 reads, 0 proposed batches, 8 schemas\.$/m);
    expect(summary).toContain("GET /user/logout: its response has no body (default)");
    expect(summary).toContain('api_key: set headers: { "api_key": … }');
    expect(summary).toContain("12 operations that do not read (PUT, POST, DELETE)");
  });
});

test("the same document gives the same bytes, from JSON and from YAML", async () => {
  const { path } = await generate(join(examples, "3.1/yaml/train-travel.yaml"), "trains");
  const first = readFileSync(path, "utf8");
  await generate(join(examples, "3.1/yaml/train-travel.yaml"), "trains");
  expect(readFileSync(path, "utf8")).toBe(first);
  await generate(join(examples, "3.1/json/train-travel.json"), "trains");
  expect(readFileSync(path, "utf8").split("\n").slice(8)).toEqual(first.split("\n").slice(8));
});

test("--only selects operations by id, by path, and by method and path, with * for any text", async () => {
  const names = async (...only: string[]) => {
    const { file } = await generate(join(examples, "3.0/json/petstore.json"), "some", { only });
    return file.plan.reads.map(({ name }) => name);
  };
  expect(await names("getPetById")).toEqual(["getPetById"]);
  expect(await names("/store/*")).toEqual(["getInventory", "getOrderById"]);
  expect(await names("GET /pet/{petId}", "loginUser")).toEqual(["getPetById", "loginUser"]);
});

test("schemas that no response needs are not written", async () => {
  const { path } = await generate(join(examples, "3.0/json/petstore.json"), "few", { only: ["getOrderById"] });
  expect(readFileSync(path, "utf8")).not.toContain("petBody");
});

describe("a document in several files", () => {
  const files = {
    "api/pets api.yaml":
      'openapi: 3.1.0\ninfo: { title: Pets, version: 1.0 }\npaths:\n  /pets: { $ref: "paths/pets.yaml#/list" }\n',
    "api/paths/pets.yaml":
      'list:\n  get:\n    responses:\n      "200":\n        description: all\n        content: { application/json: { schema: { type: array, items: { $ref: "../schemas/Pet.json" } } } }\n',
    "api/schemas/Pet.json":
      '{"type":"object","properties":{"id":{"type":"integer"},"mother":{"$ref":"#"}},"example":{"$ref":"nothing.json"}}',
  };

  test("is read as a whole, from files and from a server", async () => {
    const paths = Object.entries(files).map(([name, text]) => written(name, text));
    const { path } = await generate(paths[0] ?? "", "files");
    const code = readFileSync(path, "utf8");
    expect(code).toContain(
      "export const petBody: z.ZodType<Pet> = z.object({\n  id: z.int().optional(),\n  get mother() {",
    );
    const served = new Map(Object.entries(files).map(([name, text]) => [`/${encodeURI(name)}`, text]));
    await using server = await serving(
      createServer(
        ({ url = "" }, response) => void response.writeHead(served.has(url) ? 200 : 404).end(served.get(url)),
      ),
    );
    await generate(`${server.url}/api/pets%20api.yaml`, "files");
    expect(readFileSync(path, "utf8").split("\n").slice(8)).toEqual(code.split("\n").slice(8));
  });
});

describe("a document that cannot be read is reported with one line:", () => {
  test.each([
    ["no such file", undefined, /^.*bad\d+\.json cannot be read: the file does not exist$/],
    ["broken JSON", '{"openapi": "3.0.0", ', / is not valid JSON: .*line 1/],
    ["broken YAML", "openapi: 3.0.0\npaths: {a: [\n", / is not valid YAML: .*line 3/],
    ["another format", "<html>", /expected a document with openapi: "3\.0\.x" or "3\.1\.x", got "<html>"/],
    ["an older version", '{"swagger":"2.0"}', /expected a document with openapi: .*, got swagger: "2\.0"\.$/],
    [
      "a $ref to nothing",
      '{"openapi":"3.0.0","info":{},"paths":{"/a":{"$ref":"#/b"}}}',
      /got ANY \/a \(bad\d+\.json#\/paths\/~1a: expected a \$ref to an existing value, got "#\/b"\.\)\.$/,
    ],
    [
      "a $ref to no file",
      '{"openapi":"3.0.0","info":{},"paths":{"/a":{"$ref":"none.yaml#/b"}}}',
      /none\.yaml cannot be read: the file does not exist$/,
    ],
    [
      "a list where an object belongs",
      '{"openapi":"3.0.0","info":{},"paths":[]}',
      /#\/paths: expected an object, got an array\.$/,
    ],
    [
      "nothing to read",
      '{"openapi":"3.0.0","info":{},"paths":{"/a":{"delete":{"responses":{}}}}}',
      /expected at least one GET with a JSON response, got DELETE \/a \(it is not a read\)\.$/,
    ],
  ])("%s", async (_what, text, message) => {
    const name = `bad${Math.trunc(message.source.length)}.json`;
    const path = text === undefined ? join(folder.path, name) : written(name, text);
    const error = await generate(path, "bad").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "CommandError", message: expect.stringMatching(message) });
    expect(String(error)).not.toContain("\n");
    expect(existsSync(join(folder.path, "bad-service.ts"))).toBe(false);
  });

  test("a document from a server that refers to a local file", async () => {
    const text = '{"openapi":"3.1.0","info":{},"paths":{"/a":{"$ref":"file:///etc/hostname"}}}';
    await using server = await serving(createServer((_request, response) => void response.end(text)));
    await expect(generate(server.url, "bad")).rejects.toThrow("got one to a local file, file:///etc/hostname.");
  });

  test("a server that responds with an error", async () => {
    await using server = await serving(createServer((_request, response) => void response.writeHead(503).end()));
    await expect(generate(`${server.url}/openapi.json`, "bad")).rejects.toThrow(
      "/openapi.json cannot be read: status 503",
    );
  });
});

describe("an existing file", () => {
  const source = () => written("pets.json", JSON.stringify(document));

  test("is overwritten if it was generated", async () => {
    const { path } = await generate(source(), "again");
    writeFileSync(path, `${readFileSync(path, "utf8")}// changed by hand\n`);
    await generate(source(), "again");
    expect(readFileSync(path, "utf8")).not.toContain("changed by hand");
  });

  test("is not overwritten if it was not generated, except with --force", async () => {
    const path = written("own-service.ts", "export const own = 1;\n");
    await expect(generate(source(), "own")).rejects.toThrow(
      "was not generated: choose another --out, or overwrite it with --force.",
    );
    expect(readFileSync(path, "utf8")).toBe("export const own = 1;\n");
    await generate(source(), "own", { force: true });
    expect(readFileSync(path, "utf8")).toContain("createOwnReads");
  });

  test.each(["Pets", "../pets", "1pets", ""])("cannot be in another folder by a name such as %j", async (name) => {
    await expect(generateService({ location: source(), name })).rejects.toThrow(
      "Expected --name to be lowercase letters, digits and dashes",
    );
  });
});

describe("the command", () => {
  const command = (...args: string[]) =>
    run(process.execPath, [join(root, "node_modules/.bin/tributary"), "openapi", ...args], { cwd: root });

  test("without arguments shows its usage", async () => {
    const { stdout } = await command();
    expect(stdout).toContain("npx tributary openapi <file or URL> --name <service>");
  });

  test.each([
    [["pets.json"], 'Expected --name <service>. "tributary openapi --help" shows the usage.'],
    [["pets.json", "--nam", "pets"], "Unknown option '--nam'. \"tributary --help\" lists the commands."],
    [["a.json", "b.json", "--name", "pets"], "Expected one document, got a.json, b.json."],
  ])("%j fails with one line", async (args, message) => {
    await expect(command(...args)).rejects.toMatchObject({ code: 1, stderr: `${message}\n`, stdout: "" });
  });
});
