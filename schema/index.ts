import { GraphQLDeferDirective, GraphQLStreamDirective, specifiedDirectives } from "graphql";
import "./airport.ts";
import { builder } from "./builder.ts";
import "./city.ts";
import "./country.ts";
import "./currency.ts";
import "./node.ts";
import "./query.ts";
import "./scalars.ts";
import "./search.ts";
import "./sun.ts";

/** The Atlas graph. */
export const schema = builder.toSchema({
  // The order of the source is the order that a reader of the schema meets: id, code and name first.
  sortSchema: false,
  directives: [...specifiedDirectives, GraphQLDeferDirective, GraphQLStreamDirective],
});
