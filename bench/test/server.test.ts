import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { sql } from "kysely";
import { type Database, openDatabase } from "tributary-graphql/sql";
import { useBlankDatabases } from "tributary-testing/databases.ts";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { useAtlasUrl } from "../../test/support/databases.ts";
import { fillPages } from "../graphs/fill-pages.ts";
import type { PagesDatabase } from "../graphs/pages.ts";
import { queries } from "../http/workloads.ts";
import { type ServerProcess, startServer } from "../processes/server-process.ts";
import type { CountedServer } from "../upstream/counted-server.ts";
import { makePosts, makeUsers } from "../upstream/data.ts";
import { startUpstream } from "../upstream/server.ts";

const serverFile = fileURLToPath(new URL("../server.ts", import.meta.url));

const start = (args: readonly string[], environment: Record<string, string> = {}): Promise<ServerProcess> =>
  startServer({ command: [process.execPath, serverFile, ...args], environment, cores: undefined });

async function request(url: string, query: string) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", "x-tributary-calls": "1" },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

describe("the graph posts", () => {
  let upstream: CountedServer;
  let server: ServerProcess;
  beforeAll(async () => {
    upstream = await startUpstream();
    server = await start(["--graph", "posts", "--upstream", upstream.url]);
  });
  afterAll(async () => {
    await server?.stop();
    await upstream?.close();
  });

  const countCalls = async (): Promise<number> => (await (await fetch(`${upstream.url}/control/counts`)).json()).calls;

  /** The result, and the number of calls to the service. */
  async function requestAndCount(query: string) {
    const before = await countCalls();
    const result = await request(server.url, query);
    return { result, calls: (await countCalls()) - before };
  }

  const users = new Map(makeUsers().map(({ id, name, email }) => [id, { id, name, email }]));

  test("returns posts with their users with two calls", async () => {
    const posts = makePosts().map(({ id, userId, title }) => ({ id, userId, title, user: users.get(userId) }));
    expect(await requestAndCount(queries.posts)).toEqual({ result: { data: { posts } }, calls: 2 });
  });

  test("returns titles with one call", async () => {
    const posts = makePosts().map(({ title }) => ({ title }));
    expect(await requestAndCount(queries.titles)).toEqual({ result: { data: { posts } }, calls: 1 });
  });

  test("returns all fields of the service", async () => {
    const { result } = await requestAndCount("{ posts { body user { username phone website } } }");
    const { username, phone, website } = makeUsers()[9] ?? {};
    expect(result.data.posts[99]).toEqual({ body: makePosts()[99]?.body, user: { username, phone, website } });
  });

  test("makes no call for a greeting", async () => {
    expect(await requestAndCount(queries.greet)).toEqual({ result: { data: { greet: "Hello World!" } }, calls: 0 });
  });

  test("is served in production mode, without introspection", async () => {
    const result = await request(server.url, "{ __schema { queryType { name } } }");
    expect(result.errors[0].extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
  });
});

describe("the graph pages on PostgreSQL", () => {
  const createDatabase = useBlankDatabases("postgres");
  let database: Database<PagesDatabase>;
  let server: ServerProcess;
  beforeAll(async () => {
    const url = await createDatabase();
    await fillPages(url);
    database = await openDatabase<PagesDatabase>(url);
    server = await start(["--graph", "pages", "--database", url], { NODE_ENV: "development" });
  });
  afterAll(async () => {
    await server?.stop();
    await database?.close();
  });

  test("returns the first countries by code with their largest cities with three calls", async () => {
    const { data, extensions } = await request(server.url, queries.pages);
    expect(data).toEqual({ countries: await readPages() });
    expect(data.countries).toHaveLength(50);
    expect(extensions.calls).toMatchObject([
      { source: "database", call: "countries" },
      { source: "database", call: "citiesByCountry", keys: 50 },
      { source: "database", call: "countriesByCode" },
    ]);
    expect(extensions.calls).toHaveLength(3);
  });

  test("makes as many calls for five countries as for two hundred", async () => {
    for (const first of [5, 200]) {
      const { extensions } = await request(server.url, queries.pages.replace("first: 50", `first: ${first}`));
      expect(extensions.calls).toHaveLength(3);
    }
  });

  test("returns an error for an invalid number of rows", async () => {
    const { errors } = await request(server.url, "{ countries(first: 251) { name } }");
    expect(errors[0]).toMatchObject({
      message: "first: expected a number from 0 to 250, got 251.",
      extensions: { code: "BAD_USER_INPUT" },
    });
  });

  /** The expected pages, from one statement. */
  async function readPages() {
    const { rows } = await sql<{ name: string; cities: { name: string; population: number }[] | null }>`
      select country.name, (
        select json_agg(json_build_object('name', city.name, 'population', city.population))
        from (
          select name, population from city where country_code = country.code
          order by population desc, id limit 5
        ) as city
      ) as cities
      from country order by code collate "C" limit 50`.execute(database.db);
    return rows.map(({ name, cities }) => ({
      name,
      cities: (cities ?? []).map((city) => ({ ...city, country: { name } })),
    }));
  }
});

test("--workers 2 serves one port with two workers", async () => {
  const upstream = await startUpstream();
  onTestFinished(() => upstream.close());
  const server = await start(["--graph", "posts", "--upstream", upstream.url, "--workers", "2"]);
  onTestFinished(() => server.stop());
  expect(await request(server.url, queries.greet)).toEqual({ data: { greet: "Hello World!" } });
  const titles = makePosts().map(({ title }) => ({ title }));
  expect(await request(server.url, queries.titles)).toEqual({ data: { posts: titles } });
});

describe("the graph atlas", () => {
  const atlasUrl = useAtlasUrl("sqlite");

  test("is served with the embedded services", async () => {
    const server = await start(["--graph", "atlas", "--database", atlasUrl()]);
    onTestFinished(() => server.stop());
    const { data } = await request(server.url, '{ country(code: "NO") { name capital { name } } }');
    expect(data).toEqual({ country: { name: "Norway", capital: { name: "Oslo" } } });
  });
});

describe("invalid options", () => {
  const startInvalid = async (...args: string[]): Promise<unknown> =>
    promisify(execFile)(process.execPath, [serverFile, ...args]).then(
      () => "it started",
      ({ stderr, code }) => ({ stderr: stderr.trim(), code }),
    );

  test.each([
    [["--graph", "posts"], "--graph posts: expected --upstream <url>, got none."],
    [["--graph", "pages"], "--graph pages: expected --database <url>, got none."],
    [["--graph", "films"], '--graph: expected one of posts, pages, atlas, got "films".'],
  ])("%j exit with one line about the option", async (args, stderr) => {
    expect(await startInvalid(...args)).toEqual({ stderr, code: 1 });
  });
});
