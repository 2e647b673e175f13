import { expect, test } from "vitest";
import type { Country } from "../../datasources/country.ts";
import type { Context } from "../../resolvers/context.ts";
import { bordersOf } from "../../resolvers/country.ts";

/** A context whose countries service knows Germany and France, and has one promise for each code. */
function context(): Context {
  const france = { code3: "FRA", name: "France" } as Country;
  const known = new Map<string, Promise<Country | null>>([["FRA", Promise.resolve(france)]]);
  const byCode3 = (code3: string) => known.get(code3) ?? Promise.resolve(null);
  return { sources: { countries: { byCode3 } } } as unknown as Context;
}

const bordering = (...borderCodes3: string[]) => ({ name: "Germany", borderCodes3 }) as unknown as Country;

test("a country that many others border has one promise in a request", async () => {
  const within = context();
  const [[first], [second]] = [bordersOf(bordering("FRA"), {}, within), bordersOf(bordering("FRA"), {}, within)];
  expect(first).toBe(second);
  expect((await first)?.name).toBe("France");
});

test("a neighbour that the service does not have is an invalid answer of the service", async () => {
  const [border] = bordersOf(bordering("XXX"), {}, context());
  await expect(border).rejects.toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE", source: "countries" });
});
