import { defaultSearchResults, maxSearchResults, search } from "../resolvers/search.ts";
import { AirportType } from "./airport.ts";
import { builder } from "./builder.ts";
import { CityType } from "./city.ts";
import { CountryType } from "./country-ref.ts";
import { typeNameOf } from "./node.ts";

const SearchResultType = builder.unionType("SearchResult", {
  description: "A result of `Query.search`.",
  types: [CountryType, CityType, AirportType],
  resolveType: typeNameOf,
});

builder.queryField("search", (t) =>
  t.field({
    type: [SearchResultType],
    nullable: true,
    description:
      "Countries, cities and airports by name or code, best match first: exact matches, then names that start with the text, then names (or an airport's municipality) with a word that starts with it. Within a rank, countries come first, then larger cities and airports. Case and accents are ignored.",
    args: {
      text: t.arg.string({
        required: true,
        description: "Prefix of a name or of words in it, or a code; at most 70 letters and spaces.",
      }),
      first: t.arg.int({
        defaultValue: defaultSearchResults,
        description: `Maximum number of results, 0 to ${maxSearchResults}.`,
      }),
    },
    listSize: { slicingArguments: ["first"], maxSize: maxSearchResults },
    resolve: search,
  }),
);
