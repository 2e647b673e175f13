import { needsPgBouncer, type PgBouncer, startPgBouncer } from "tributary-testing/pgbouncer.ts";
import { addressIn, runServer } from "tributary-testing/server-process.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { useAtlasUrl } from "./support/databases.ts";

/** Queries with different prepared statements. */
const queries = [
  `{ country(code: "NO") { name capital { name } borders { name } } }`,
  `{ airport(iata: "OSL") { name } }`,
  `{ cities(first: 5) { nodes { name country { name } } } }`,
  `{ country(code: "CH") { currencies { name } } }`,
];

describe("two gateways behind a PgBouncer in transaction mode", () => {
  needsPgBouncer();
  const atlasUrl = useAtlasUrl("postgres");
  let pgBouncer: PgBouncer;

  beforeEach(async () => {
    pgBouncer = await startPgBouncer(atlasUrl(), { poolSize: 3 });
  });
  afterEach(() => pgBouncer?.stop());

  const start = async (databaseUrl: string) => {
    const server = runServer("server.ts", { DATABASE_URL: databaseUrl });
    return { server, url: addressIn(await server.line("listening on ")) };
  };

  const request = async (url: string, query: string): Promise<string> => {
    const response = await fetch(`${url}?query=${encodeURIComponent(query)}`);
    return response.text();
  };

  test("give the same results as without it, also after a restart of one of them", { timeout: 120_000 }, async () => {
    const [direct, permanent, restarting] = await Promise.all([
      start(atlasUrl()),
      start(pgBouncer.url),
      start(pgBouncer.url),
    ]);
    const expected = await Promise.all(queries.map((query) => request(direct.url, query)));
    expect(expected.filter((body) => body.includes(`"errors"`))).toEqual([]);
    const compare = (url: string, rounds: number) =>
      Promise.all(
        Array.from({ length: rounds }, async (_, round) => {
          const index = round % queries.length;
          return (await request(url, queries[index] ?? "")) === expected[index];
        }),
      );
    const countEqual = (results: readonly boolean[]) => results.filter(Boolean).length;
    const [before, restarted] = await Promise.all([
      compare(permanent.url, 120),
      compare(restarting.url, 40).then(async (results) => {
        restarting.server.process.kill("SIGTERM");
        await restarting.server.exit;
        const next = await start(pgBouncer.url);
        return [...results, ...(await compare(next.url, 40))];
      }),
    ]);
    const after = await compare(permanent.url, 40);
    expect([countEqual(before), countEqual(restarted), countEqual(after)]).toEqual([120, 80, 40]);
  });
});
