import { builder } from "./builder.ts";

builder.queryType({
  description: "Travel facts: countries, their cities and airports, currencies and the sun.",
});
