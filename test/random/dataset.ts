import type { Airport } from "../../datasources/airport.ts";
import type { City, CityId } from "../../datasources/city.ts";
import { type Country, regions } from "../../datasources/country.ts";
import type { Currency } from "../../datasources/currency.ts";

/** A small artificial dataset. Names show relations: country `CC` has the cities 30 to 32 and the airports `A20` and `A21`. */
export interface Dataset {
  readonly countries: readonly Country[];
  readonly cities: readonly City[];
  readonly airports: readonly Airport[];
  readonly currencies: readonly Currency[];
}

const letters = ["A", "B", "C", "D", "E", "F"] as const;

const code2 = (index: number): string => `C${letters[index % letters.length]}`;
const code3 = (index: number): string => `CO${letters[index % letters.length]}`;

const currencies: readonly Currency[] = ["EUR", "USD", "JPY"].map((code, index) => ({
  code,
  name: `Money ${code}`,
  symbol: index === 1 ? null : code.slice(0, 1),
}));

export const dataset: Dataset = {
  currencies,
  countries: letters.map((_, index) => countryAt(index)),
  cities: letters.flatMap((_, index) => [0, 1, 2].map((number) => cityAt(index, number))),
  airports: letters.flatMap((_, index) => [0, 1].map((number) => airportAt(index, number))),
};

/** The last country has no capital and no currency. */
function countryAt(index: number): Country {
  const isLast = index === letters.length - 1;
  return {
    kind: "country",
    code: code2(index),
    code3: code3(index),
    name: `Country ${letters[index]}`,
    officialName: `Republic of ${letters[index]}`,
    flag: `flag-${index}`,
    region: regions[index % 2 === 0 ? 4 : 3] ?? "Asia",
    subregion: index === 1 ? null : `Sub ${index % 3}`,
    areaKm2: 1000 * (index + 1),
    latitude: index * 10,
    longitude: index * 5,
    languages: [0, 1, 2].slice(0, 1 + (index % 3)).map((number) => `Language ${index + number}`),
    capitalName: isLast ? null : `City ${index}0`,
    currencies: isLast ? [] : currencies.slice(index % 2, 1 + (index % 3)),
    borderCodes3: [1, 2, 5].map((step) => code3(index + step)).slice(0, 1 + (index % 3)),
  };
}

function cityAt(index: number, number: number): City {
  return {
    kind: "city",
    id: (10 * (index + 1) + number) as CityId,
    name: `City ${index}${number}`,
    population: Math.floor(1_000_000 / (1 + index + 7 * number)),
    latitude: index * 10 + number,
    longitude: index * 5 + number,
    timeZone: "Europe/Berlin",
    countryCode: code2(index),
  };
}

function airportAt(index: number, number: number): Airport {
  return {
    kind: "airport",
    id: 100 + 2 * index + number,
    iata: `A${index}${number}`,
    name: `Airport ${index}${number}`,
    sizeRank: 1 + number,
    latitude: index * 10 + number / 2,
    longitude: index * 5,
    elevationM: number === 0 ? index : null,
    municipality: number === 0 ? `City ${index}0` : null,
    countryCode: code2(index),
  };
}
