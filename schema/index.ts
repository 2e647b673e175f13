import { GraphQLSchema } from "graphql";
import "./airport.ts";
import { builder } from "./builder.ts";
import "./city.ts";
import "./country.ts";
import "./currency.ts";
import "./node-query.ts";
import "./query.ts";
import "./rate-changed.ts";
import "./search.ts";
import "./subscription.ts";
import "./sun.ts";

// GraphiQL shows fields in the order of the source, `id`, `code` and `name` first.
const built = builder.toSchema({ sortSchema: false });

/** The schema of Atlas. */
export const schema = new GraphQLSchema({
  ...built.toConfig(),
  description:
    "Atlas: travel facts about 250 countries, 135,233 cities, 4,517 airports, currencies, and sunrise and sunset.",
});
