import { defaultSearchResults, maxSearchResults, search } from "../resolvers/search.ts";
import { AirportType } from "./airport.ts";
import { builder } from "./builder.ts";
import { CityType } from "./city.ts";
import { CountryType } from "./country-ref.ts";
import { typeNameOf } from "./node.ts";

const SearchResultType = builder.unionType("SearchResult", {
  description: "What a search can find.",
  types: [CountryType, CityType, AirportType],
  resolveType: typeNameOf,
});

builder.queryField("search", (t) =>
  t.field({
    type: [SearchResultType],
    nullable: true,
    description:
      "Countries, cities and airports by name or code, best match first: names and codes that equal the text, then names that start with it, then those with words that do, an airport's town included; in each of them countries first, then the larger ones. Case and accents do not count.",
    args: {
      text: t.arg.string({
        required: true,
        description: "The start of a name or of words in it, or a code; at most 70 letters and spaces.",
      }),
      first: t.arg.int({
        defaultValue: defaultSearchResults,
        description: `At most this many, 0 to ${maxSearchResults}.`,
      }),
    },
    resolve: search,
  }),
);
