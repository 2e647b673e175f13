import { builder } from "./builder.ts";

builder.queryType({
  description: "Travel facts: countries, cities, airports, currencies, and sunrise and sunset.",
});
