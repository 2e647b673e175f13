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
  description: "A region of the world, by the United Nations' division with Antarctica beside it.",
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
      description: "Opaque and unique in the whole graph.",
      resolve: ({ code }) => nodeId({ type: "Country", key: code }),
    }),
    code: t.exposeString("code", { description: "ISO 3166-1 alpha-2, `DE`." }),
    code3: t.exposeString("code3", { description: "ISO 3166-1 alpha-3, `DEU`." }),
    name: t.exposeString("name", { description: "The common English name." }),
    officialName: t.exposeString("officialName", { description: "The official English name." }),
    flag: t.exposeString("flag", { description: "The flag as an emoji." }),
    region: t.expose("region", { type: RegionType, description: "The region of the world." }),
    subregion: t.exposeString("subregion", {
      nullable: true,
      description: "The part of the region; Antarctic places have none.",
    }),
    areaKm2: t.exposeFloat("areaKm2", {
      nullable: true,
      description: "Land and inland water in square kilometres; null where unknown.",
    }),
    latitude: t.exposeFloat("latitude", { description: "Latitude of its middle in degrees, north positive." }),
    longitude: t.exposeFloat("longitude", { description: "Longitude of its middle in degrees, east positive." }),
    languages: t.exposeStringList("languages", { description: "English names of its official languages." }),
    capital: t.field({
      type: CityType,
      nullable: true,
      description: "The capital, the first where there are several; null for places without one.",
      resolve: capitalOf,
    }),
    currencies: t.expose("currencies", {
      type: [CurrencyType],
      description: "What is paid with; empty where there is no currency.",
    }),
    borders: t.field({
      type: [CountryType],
      nullable: true,
      description: "The countries that it has a land border with.",
      resolve: bordersOf,
    }),
    cities: t.field({
      type: CityConnection,
      nullable: true,
      description: "Its cities, the largest first unless ordered otherwise.",
      args: cityListArguments(t.arg),
      resolve: citiesOf,
    }),
    airports: t.field({
      type: AirportConnection,
      nullable: true,
      description: "Its airports, large ones first, then by name.",
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
    description: "The country with this code; null when there is none.",
    args: { code: t.arg.string({ required: true, description: "ISO 3166-1 alpha-2 or alpha-3, in any case." }) },
    resolve: countryByCode,
  }),
  countries: t.field({
    type: CountryConnection,
    nullable: true,
    description: "All countries and territories, by name.",
    args: {
      ...connectionArguments(t.arg, maxCountriesPerPage),
      region: t.arg({ type: RegionType, description: "Only those of this region." }),
      search: t.arg.string({
        description: "Only those with this text at the start of a word of the name; case and accents do not count.",
      }),
    },
    resolve: countries,
  }),
}));
