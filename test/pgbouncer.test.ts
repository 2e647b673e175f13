import { needsPgBouncer, type PgBouncer, startPgBouncer } from "tributary-testing/pgbouncer.ts";
import { addressIn, runServer } from "tributary-testing/server-process.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { useAtlasUrl } from "./support/databases.ts";

/** Each reads tables of its own, so that a statement of the one is none of the other. */
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

  const ask = async (url: string, query: string): Promise<string> => {
    const response = await fetch(`${url}?query=${encodeURIComponent(query)}`);
    return response.text();
  };

  test("answer as one does without it, also when one of them is started anew", { timeout: 120_000 }, async () => {
    const [direct, lasting, other] = await Promise.all([start(atlasUrl()), start(pgBouncer.url), start(pgBouncer.url)]);
    const expected = await Promise.all(queries.map((query) => ask(direct.url, query)));
    expect(expected.filter((answer) => answer.includes(`"errors"`))).toEqual([]);
    const answersOf = (url: string, rounds: number) =>
      Promise.all(
        Array.from({ length: rounds }, async (_, round) => {
          const own = round % queries.length;
          return (await ask(url, queries[own] ?? "")) === expected[own];
        }),
      );
    const right = (answers: readonly boolean[]) => answers.filter(Boolean).length;
    const [before, restarted] = await Promise.all([
      answersOf(lasting.url, 120),
      answersOf(other.url, 40).then(async (answers) => {
        other.server.process.kill("SIGTERM");
        await other.server.exit;
        const next = await start(pgBouncer.url);
        return [...answers, ...(await answersOf(next.url, 40))];
      }),
    ]);
    const after = await answersOf(lasting.url, 40);
    expect([right(before), right(restarted), right(after)]).toEqual([120, 80, 40]);
  });
});
