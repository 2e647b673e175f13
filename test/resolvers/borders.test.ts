import { expect, test } from "vitest";
import type { Country } from "../../datasources/country.ts";
import type { Context } from "../../resolvers/context.ts";
import { bordersOf } from "../../resolvers/country.ts";

/** A context with a countries service that has only France, and returns the same promise for the same code. */
function context(): Context {
  const france = { code3: "FRA", name: "France" } as Country;
  const promises = new Map<string, Promise<Country | null>>([["FRA", Promise.resolve(france)]]);
  const byCode3 = (code3: string) => promises.get(code3) ?? Promise.resolve(null);
  return { sources: { countries: { byCode3 } } } as unknown as Context;
}

const countryWith = (...borderCodes3: string[]) => ({ name: "Germany", borderCodes3 }) as unknown as Country;

test("the border of two countries to the same country is one promise per request", async () => {
  const shared = context();
  const [[first], [second]] = [bordersOf(countryWith("FRA"), {}, shared), bordersOf(countryWith("FRA"), {}, shared)];
  expect(first).toBe(second);
  expect((await first)?.name).toBe("France");
});

test("a border to a country that the service does not have is an invalid response of the service", async () => {
  const [border] = bordersOf(countryWith("XXX"), {}, context());
  await expect(border).rejects.toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE", source: "countries" });
});
