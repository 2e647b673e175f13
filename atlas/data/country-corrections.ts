import type { Acceptance, Correction } from "../services/country-data/row.ts";

const swissFranc = { name: "Swiss franc", symbol: "Fr." };
const poundSterling = { name: "Pound sterling", symbol: "£" };
const britishPound = { name: "British pound", symbol: "£" };
const guilder = { name: "Netherlands Antillean guilder", symbol: "ƒ" };
const caribbeanGuilder = { XCG: { name: "Caribbean guilder", symbol: "Cg" } };
const noSubregion = "the region Antarctic has no subregions; the package leaves the text empty";

/** Corrections of `world-countries` 5.1.0, each for a finding of a check. */
export const countryCorrections: readonly Correction[] = [
  { country: "SJ", path: "area", from: -1, to: null, reason: "-1 stands for unknown" },
  { country: "BQ", path: "flag", from: "", to: "🇧🇶", reason: "the emoji of BQ exists; the package left it out" },
  { country: "LK", path: "borders", from: ["IND"], to: [], reason: "an island; India does not list it either" },

  { country: "AQ", path: "subregion", from: "", to: null, reason: noSubregion },
  { country: "BV", path: "subregion", from: "", to: null, reason: noSubregion },
  { country: "GS", path: "subregion", from: "", to: null, reason: noSubregion },
  { country: "HM", path: "subregion", from: "", to: null, reason: noSubregion },
  { country: "TF", path: "subregion", from: "", to: null, reason: noSubregion },

  // One name and one symbol per currency: the entry of the issuer, in the form that most countries use.
  { country: "SH", path: "currencies.GBP", from: poundSterling, to: britishPound, reason: "five countries say so" },
  {
    country: "LI",
    path: "currencies.CHF",
    from: { name: "Swiss franc", symbol: "Fr" },
    to: swissFranc,
    reason: "as its issuer, CH",
  },
  {
    country: "GL",
    path: "currencies.DKK",
    from: { name: "krone", symbol: "kr." },
    to: { name: "Danish krone", symbol: "kr" },
    reason: "as its issuer, DK",
  },
  {
    country: "SJ",
    path: "currencies.NOK",
    from: { name: "krone", symbol: "kr" },
    to: { name: "Norwegian krone", symbol: "kr" },
    reason: "as its issuer, NO",
  },
  {
    country: "EH",
    path: "currencies.DZD",
    from: { name: "Algerian dinar", symbol: "دج" },
    to: { name: "Algerian dinar", symbol: "د.ج" },
    reason: "as its issuer, DZ",
  },
  {
    country: "EH",
    path: "currencies.MAD",
    from: { name: "Moroccan dirham", symbol: "DH" },
    to: { name: "Moroccan dirham", symbol: "د.م." },
    reason: "as its issuer, MA",
  },
  {
    country: "PS",
    path: "currencies.EGP",
    from: { name: "Egyptian pound", symbol: "E£" },
    to: { name: "Egyptian pound", symbol: "£" },
    reason: "as its issuer, EG",
  },
  {
    country: "PS",
    path: "currencies.JOD",
    from: { name: "Jordanian dinar", symbol: "JD" },
    to: { name: "Jordanian dinar", symbol: "د.ا" },
    reason: "as its issuer, JO",
  },
  {
    country: "ZW",
    path: "currencies.ZAR",
    from: { name: "South African rand", symbol: "Rs" },
    to: { name: "South African rand", symbol: "R" },
    reason: "as its issuer, ZA",
  },
  {
    country: "LK",
    path: "currencies.LKR.symbol",
    from: "Rs  රු",
    to: "Rs",
    reason: "two symbols in one text, separated by two spaces; the Latin one is kept",
  },

  {
    country: "FM",
    path: "currencies",
    from: {},
    to: { USD: { name: "United States dollar", symbol: "$" } },
    reason: "Micronesia pays in US dollars; the package has none",
  },
  {
    country: "BG",
    path: "currencies",
    from: { BGN: { name: "Bulgarian lev", symbol: "лв" } },
    to: { EUR: { name: "Euro", symbol: "€" } },
    reason: "Bulgaria adopted the euro on 2026-01-01",
  },
  {
    country: "CU",
    path: "currencies",
    from: { CUC: { name: "Cuban convertible peso", symbol: "$" }, CUP: { name: "Cuban peso", symbol: "$" } },
    to: { CUP: { name: "Cuban peso", symbol: "$" } },
    reason: "the convertible peso ended on 2021-01-01",
  },
  {
    country: "SL",
    path: "currencies",
    from: { SLL: { name: "Sierra Leonean leone", symbol: "Le" } },
    to: { SLE: { name: "Sierra Leonean leone", symbol: "Le" } },
    reason: "redenominated: 1000 SLL are 1 SLE, and SLL has ended",
  },
  { country: "CW", path: "currencies", from: { ANG: guilder }, to: caribbeanGuilder, reason: "ANG became XCG in 2025" },
  { country: "SX", path: "currencies", from: { ANG: guilder }, to: caribbeanGuilder, reason: "ANG became XCG in 2025" },
  {
    country: "ZW",
    path: "currencies",
    from: {
      BWP: { name: "Botswana pula", symbol: "P" },
      CNY: { name: "Chinese yuan", symbol: "¥" },
      EUR: { name: "Euro", symbol: "€" },
      GBP: { name: "British pound", symbol: "£" },
      INR: { name: "Indian rupee", symbol: "₹" },
      JPY: { name: "Japanese yen", symbol: "¥" },
      USD: { name: "United States dollar", symbol: "$" },
      ZAR: { name: "South African rand", symbol: "R" },
      ZWB: { name: "Zimbabwean bonds", symbol: "$" },
    },
    to: {
      BWP: { name: "Botswana pula", symbol: "P" },
      CNY: { name: "Chinese yuan", symbol: "¥" },
      EUR: { name: "Euro", symbol: "€" },
      GBP: { name: "British pound", symbol: "£" },
      INR: { name: "Indian rupee", symbol: "₹" },
      JPY: { name: "Japanese yen", symbol: "¥" },
      USD: { name: "United States dollar", symbol: "$" },
      ZAR: { name: "South African rand", symbol: "R" },
      ZWG: { name: "Zimbabwe gold", symbol: "ZiG" },
    },
    reason: "bond notes were never in ISO 4217 and ended with ZWG, Zimbabwe's currency since 2024-04-08",
  },

  { country: "MD", path: "languages.ron", from: "Moldavian", to: "Romanian", reason: "the code's name, and by law since 2023" },
  { country: "ZA", path: "languages.sot", from: "Southern Sotho", to: "Sotho", reason: "LS and ZW say so" },

  // Findings of country-data/city-checks.ts.
  { country: "EH", path: "capital", from: ["El Aaiún"], to: ["Laayoune"], reason: "the spelling of the cities data" },
  {
    country: "PA",
    path: "capital",
    from: ["Panama City"],
    to: ["Panamá"],
    reason: "the cities data calls the capital Panamá, and another place (no people, PPLA3) Panama City",
  },
  {
    country: "SZ",
    path: "capital",
    from: ["Lobamba"],
    to: ["Mbabane", "Lobamba"],
    reason: "Mbabane is the seat of government; Lobamba, of the king and the parliament, comes second",
  },
  {
    country: "KW",
    path: "latlng",
    from: [29.5, 45.75],
    to: [29.3, 47.6],
    reason: "45.75 E lies in Saudi Arabia, west of the whole country",
  },
  {
    country: "FJ",
    path: "latlng",
    from: [-18, 175],
    to: [-18, 178],
    reason: "175 E is open sea, 250 km west of the country",
  },
  {
    country: "MF",
    path: "latlng",
    from: [18.08333333, -63.95],
    to: [18.08, -63.06],
    reason: "63.95 W is open sea, 90 km west of the island",
  },
  {
    country: "BL",
    path: "latlng",
    from: [18.5, -63.41666666],
    to: [17.9, -62.83],
    reason: "open sea beyond Anguilla, 90 km from the island",
  },
];

const uninhabited = "no permanent population";

/** Findings of `rowFindings` and `listFindings` that are accepted. */
export const acceptedFindings: readonly Acceptance[] = [
  { check: "numeric code", subject: "XK", reason: "ISO 3166 gives Kosovo no numeric code; XK is a user-assigned one" },
  { check: "capital", subject: "AQ", reason: uninhabited },
  { check: "capital", subject: "BV", reason: uninhabited },
  { check: "capital", subject: "HM", reason: uninhabited },
  { check: "capital", subject: "UM", reason: uninhabited },
  { check: "capital", subject: "MO", reason: "the territory is one city and names no capital" },
  { check: "currencies", subject: "AQ", reason: uninhabited },
  { check: "currencies", subject: "BV", reason: uninhabited },
  { check: "currencies", subject: "HM", reason: uninhabited },
  { check: "languages", subject: "AQ", reason: uninhabited },
];

const otherSpelling = "another spelling of the city marked as capital, which is what it resolves to";
const manyIslands = "the center of islands that are far apart";

/** Findings of `cityFindings` that are accepted. */
export const acceptedCityFindings: readonly Acceptance[] = [
  { check: "capital city", subject: "EH", reason: "no city there is marked as a capital; found by its name" },
  { check: "capital city", subject: "IL", reason: "the cities data marks none as Israel's capital; found by its name" },
  { check: "capital city", subject: "PS", reason: "the cities data marks none as Palestine's capital; found by its name" },
  { check: "capital city", subject: "FM", reason: otherSpelling },
  { check: "capital city", subject: "GG", reason: otherSpelling },
  { check: "capital city", subject: "GD", reason: otherSpelling },
  { check: "capital city", subject: "KI", reason: otherSpelling },
  { check: "capital city", subject: "MM", reason: otherSpelling },
  { check: "capital city", subject: "SM", reason: otherSpelling },
  { check: "capital city", subject: "HK", reason: "the City of Victoria is the center of Hong Kong, marked as capital" },
  { check: "capital city", subject: "KZ", reason: "Astana was called Nur-Sultan when the cities data was made" },
  { check: "capital city", subject: "GS", reason: "King Edward Point is 1 km from Grytviken, marked as capital" },
  { check: "capital city", subject: "IO", reason: "the cities data has no place there: no capital city" },
  { check: "capital city", subject: "TK", reason: "the cities data has no Fakaofo and marks no capital: no capital city" },
  { check: "distance from cities", subject: "PF", reason: manyIslands },
  { check: "distance from cities", subject: "CV", reason: manyIslands },
  { check: "distance from cities", subject: "MV", reason: manyIslands },
  { check: "distance from cities", subject: "ST", reason: manyIslands },
  { check: "distance from cities", subject: "TC", reason: manyIslands },
  { check: "distance from cities", subject: "TO", reason: manyIslands },
  { check: "distance from cities", subject: "SJ", reason: "the center of Spitsbergen, wider than the 50 km assumed for an unknown area" },
];
