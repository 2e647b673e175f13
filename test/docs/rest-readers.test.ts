import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { pino } from "pino";
import { CallLog } from "tributary-graphql";
import { codeBlocks } from "tributary-testing/code-blocks.ts";
import { expect, onTestFinished, test } from "vitest";
import { declare, declareReads } from "./rest-readers.examples.ts";

const textOf = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const blocks = codeBlocks(textOf("../../docs/rest-readers.md"));

/** The response body of the fake service: the same city for every request. */
function bodyFor({ url = "", headers }: Pick<IncomingMessage, "url" | "headers">, posted: string) {
  const { pathname, searchParams } = new URL(url, `http://${headers.host}`);
  const city = { id: "1", name: "Oslo", countryCode: "NO" };
  const page = { total: 3, nextCursor: null, rows: [city] };
  if (pathname === "/numbered") return { ...page, rows: searchParams.get("page") === "1" ? [city, city] : [city] };
  if (pathname === "/cursor") return { ...page, nextCursor: searchParams.has("after") ? null : "c2" };
  if (pathname.endsWith("/weather")) return { celsius: 20 };
  if (searchParams.has("countryCodes")) return page;
  return posted || searchParams.has("id") ? [{ ...city, id: "2" }, city] : [city];
}

async function citiesService() {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    requests.push(`${request.method} ${request.url} ${body}`.trim());
    expect(request.headers).toMatchObject({ "x-api-key": "secret", "x-tenant": "a" });
    if (request.url === "/cities") response.setHeader("link", '</cities?from=2>; rel="next"');
    response.end(JSON.stringify(bodyFor(request, body)));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Expected a port.");
  const cities = declare(`http://127.0.0.1:${address.port}`);
  onTestFinished(() => cities.close());
  const headers = new Headers({ "x-tenant": "a" });
  const scope = { calls: new CallLog(), signal: new AbortController().signal, log: pino({ level: "silent" }), headers };
  return { requests, reads: declareReads(cities, scope) };
}

type Reads = ReturnType<typeof declareReads>;

/** The loads that the document describes, by reader. */
const uses: Record<keyof Reads, (reads: Reads) => Promise<unknown>> = {
  cityById: ({ cityById }) => Promise.all(["1", "2", "3"].map((id) => cityById.load(id))),
  citiesByCountry: ({ citiesByCountry }) => Promise.all(["NO", "SE"].map((code) => citiesByCountry.load(code))),
  cityByName: ({ cityByName }) => Promise.all(["Oslo", "Bergen"].map((name) => cityByName.load(name))),
  weatherByCity: ({ weatherByCity }) => Promise.all(["1", "a/b"].map((id) => weatherByCity.load(id))),
  linked: ({ linked }) => linked.load(),
  numbered: ({ numbered }) => numbered.load(),
  withCursor: ({ withCursor }) => withCursor.load("NO"),
  capitals: ({ capitals }) => Promise.all([capitals(), capitals()]),
};

test("the code in docs/rest-readers.md is the code that the tests below run", () => {
  const shown = blocks.filter(({ language }) => language === "ts").map(({ text }) => text.trim());
  const source = textOf("./rest-readers.examples.ts");
  expect(shown).toHaveLength(2 + Object.keys(uses).length);
  expect(shown.filter((text) => !source.includes(text))).toEqual([]);
});

test.each(Object.entries(uses))("docs/rest-readers.md shows the requests that %s sends", async (name, use) => {
  const { requests, reads } = await citiesService();
  await use(reads);
  const shown = blocks.filter(({ language, title }) => language === "http" && title === name);
  expect(shown.map(({ text }) => text.trim().split("\n").sort())).toEqual([requests.sort()]);
});
