import { GraphQLDeferDirective, GraphQLSchema, GraphQLStreamDirective, specifiedDirectives } from "graphql";
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

const built = builder.toSchema({
  // The order of the source is the order that a reader of the schema meets: id, code and name first.
  sortSchema: false,
  directives: [...specifiedDirectives, GraphQLDeferDirective, GraphQLStreamDirective],
});

/** The Atlas graph. */
export const schema = new GraphQLSchema({
  ...built.toConfig(),
  description:
    "Atlas: travel facts over 135,233 cities, 4,517 airports with an IATA code, 250 countries, their currencies and the sun.",
});
