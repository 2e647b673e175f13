import {
  commaList,
  createRestReads,
  createUpstream,
  linkHeader,
  nextCursor,
  pageNumber,
  path,
  postBody,
  repeated,
  type UpstreamScope,
} from "tributary-graphql/rest";
import { z } from "zod";

/** The code in docs/rest-readers.md. A test compares both and runs this code. */
export function declare(baseUrl: string) {
  const cities = createUpstream({
    name: "cities",
    baseUrl,
    headers: { "x-api-key": "secret" },
    forwardHeaders: ["authorization", "x-tenant"],
    staleIfErrorSeconds: 600,
  });
  return cities;
}

const city = z.object({ id: z.string(), name: z.string(), countryCode: z.string() });
const cityList = z.array(city);
const cityPage = z.object({ total: z.number(), nextCursor: z.string().nullable(), rows: z.array(city) });
const weather = z.object({ celsius: z.number() });

export function declareReads(cities: ReturnType<typeof declare>, scope: UpstreamScope) {
  const reads = createRestReads(cities, scope);

  const cityById = reads.oneByKey({
    call: "citiesById",
    path: "/cities",
    keys: repeated("id"),
    body: cityList,
    keyOf: (row) => row.id,
    maxKeys: 50,
  });

  const citiesByCountry = reads.manyByKey({
    call: "citiesByCountry",
    path: "/cities",
    keys: commaList("countryCodes"),
    body: cityPage,
    items: (body) => body.rows,
    keyOf: (row) => row.countryCode,
  });

  const cityByName = reads.oneByKey({
    call: "citiesByName",
    path: "/cities/search",
    keys: postBody((names) => ({ names })),
    body: cityList,
    keyOf: (row) => row.name,
  });

  const weatherByCity = reads.single({
    call: "weather",
    path: (id: string) => path`/cities/${id}/weather`,
    body: weather,
    notFound: "null",
  });

  const linked = reads.paged({
    call: "cities",
    path: "/cities",
    body: cityList,
    next: linkHeader(),
  });

  const numbered = reads.paged({
    call: "cities",
    path: "/numbered",
    body: cityPage,
    items: (body) => body.rows,
    next: pageNumber({ parameter: "page", sizeParameter: "size", size: 2, totalOf: (body) => body.total }),
  });

  const withCursor = reads.paged({
    call: "cities",
    path: "/cursor",
    query: (countryCode: string) => new URLSearchParams({ countryCode }),
    body: cityPage,
    items: (body) => body.rows,
    next: nextCursor({ parameter: "after", cursorOf: (body) => body.nextCursor }),
    maxPages: 5,
  });

  const capitals = () =>
    reads.get({ call: "capitals", keys: 1, path: "/capitals", query: "sort=name", body: cityList });

  return { cityById, citiesByCountry, cityByName, weatherByCity, linked, numbered, withCursor, capitals };
}
