import type { Country } from "../datasources/country.ts";
import { airportsOf, bordersOf, capitalOf, citiesOf, countries, countryByCode } from "../resolvers/country.ts";
import { maxCountriesPerPage } from "../resolvers/limits.ts";
import { nodeId } from "../resolvers/node-id.ts";
import { AirportConnection, airportListArguments } from "./airport.ts";
import { builder } from "./builder.ts";
import { CityConnection, CityType, cityListArguments } from "./city.ts";
import { connectionArguments, connectionType } from "./connection.ts";
import { CountryType } from "./country-ref.ts";
import { CurrencyType } from "./currency.ts";
import { NodeType } from "./node.ts";

const RegionType = builder.enumType("Region", {
  description: "A region of the world: the United Nations' five regions, and Antarctica.",
  values: {
    AFRICA: { value: "Africa", description: "Africa." },
    AMERICAS: { value: "Americas", description: "North, Central and South America and the Caribbean." },
    ANTARCTIC: { value: "Antarctic", description: "Antarctica and the islands around it." },
    ASIA: { value: "Asia", description: "Asia." },
    EUROPE: { value: "Europe", description: "Europe, Russia included." },
    OCEANIA: { value: "Oceania", description: "Australia, New Zealand and the islands of the Pacific." },
  } as const,
});

CountryType.implement({
  description: "A country or territory with an ISO 3166-1 code.",
  interfaces: [NodeType],
  fields: (t) => ({
    id: t.id({
      description: "Opaque id, unique in the whole graph.",
      resolve: ({ code }) => nodeId({ type: "Country", key: code }),
    }),
    code: t.exposeString("code", { description: "ISO 3166-1 alpha-2 code, such as `DE`." }),
    code3: t.exposeString("code3", { description: "ISO 3166-1 alpha-3 code, such as `DEU`." }),
    name: t.exposeString("name", { description: "Common English name." }),
    officialName: t.exposeString("officialName", { description: "Official English name." }),
    flag: t.exposeString("flag", { description: "Flag as an emoji." }),
    region: t.expose("region", { type: RegionType, description: "Region of the world." }),
    subregion: t.exposeString("subregion", {
      nullable: true,
      description: "Part of the region, such as `Western Europe`; null in Antarctica.",
    }),
    areaKm2: t.exposeFloat("areaKm2", {
      nullable: true,
      description: "Area of land and inland water in square kilometers; null if unknown.",
    }),
    latitude: t.exposeFloat("latitude", { description: "Latitude of the center in degrees, north positive." }),
    longitude: t.exposeFloat("longitude", { description: "Longitude of the center in degrees, east positive." }),
    languages: t.exposeStringList("languages", { description: "English names of the official languages." }),
    capital: t.field({
      type: CityType,
      nullable: true,
      description: "Capital, or the first of several; null if there is none.",
      resolve: capitalOf,
    }),
    currencies: t.expose("currencies", {
      type: [CurrencyType],
      description: "Currencies in use; empty if there are none.",
      listSize: { assumedSize: 2 },
    }),
    borders: t.field({
      type: [CountryType],
      nullable: true,
      description: "Countries with a common land border.",
      listSize: { assumedSize: 5 },
      resolve: bordersOf,
    }),
    cities: t.field({
      type: CityConnection,
      nullable: true,
      description: "Cities of the country. Default order: largest population first.",
      args: cityListArguments(t.arg),
      resolve: citiesOf,
    }),
    airports: t.field({
      type: AirportConnection,
      nullable: true,
      description: "Airports of the country: large airports first, then by name.",
      args: airportListArguments(t.arg),
      resolve: airportsOf,
    }),
  }),
});

const CountryConnection = connectionType<Country>(CountryType);

builder.queryFields((t) => ({
  country: t.field({
    type: CountryType,
    nullable: true,
    description: "The country with this code; null if there is none.",
    args: {
      code: t.arg.string({ required: true, description: "ISO 3166-1 alpha-2 or alpha-3 code; upper or lower case." }),
    },
    resolve: countryByCode,
  }),
  countries: t.field({
    type: CountryConnection,
    nullable: true,
    description: "Countries and territories, by name.",
    args: {
      ...connectionArguments(t.arg, maxCountriesPerPage),
      region: t.arg({ type: RegionType, description: "Only countries of this region." }),
      search: t.arg.string({
        description: "Only countries with a word in the name that starts with this text; case and accents are ignored.",
      }),
    },
    resolve: countries,
  }),
}));
