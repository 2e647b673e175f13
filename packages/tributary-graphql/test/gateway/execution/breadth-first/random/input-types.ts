import {
  type GraphQLArgumentConfig,
  GraphQLBoolean,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
  Kind,
} from "graphql";
import { leafTypes } from "./leaf-types.ts";

const { Color, Odd, Old, ID, Float } = leafTypes;

const Filter: GraphQLInputObjectType = new GraphQLInputObjectType({
  name: "Filter",
  fields: () => ({
    text: { type: GraphQLString },
    least: { type: new GraphQLNonNull(GraphQLInt), default: { value: 3 } },
    color: { type: Color, default: { literal: { kind: Kind.ENUM, value: "GREEN" } } },
    odd: { type: Odd },
    must: { type: new GraphQLNonNull(GraphQLBoolean) },
    colors: { type: new GraphQLList(new GraphQLNonNull(Color)) },
    inner: { type: Filter },
  }),
});

const Either = new GraphQLInputObjectType({
  name: "Either",
  isOneOf: true,
  fields: { number: { type: GraphQLInt }, word: { type: GraphQLString }, filter: { type: Filter } },
});

/** The types of arguments with their defaults, as values and as literals, in the old and the new form. */
export const argumentConfigs: readonly GraphQLArgumentConfig[] = [
  { type: GraphQLInt },
  { type: new GraphQLNonNull(GraphQLInt) },
  { type: GraphQLInt, default: { value: 5 } },
  { type: new GraphQLNonNull(GraphQLInt), default: { literal: { kind: Kind.INT, value: "6" } } },
  { type: GraphQLString, defaultValue: "legacy" },
  { type: GraphQLString, default: { value: null } },
  { type: GraphQLBoolean },
  { type: ID },
  { type: Float },
  { type: Color },
  { type: Color, default: { value: "RED" } },
  { type: Odd },
  { type: Old },
  { type: Filter },
  { type: new GraphQLNonNull(Filter) },
  { type: Either },
  { type: new GraphQLList(GraphQLInt) },
  { type: new GraphQLList(new GraphQLNonNull(Filter)) },
  { type: new GraphQLNonNull(new GraphQLList(new GraphQLList(Color))) },
];

/** Every type that an operation's variables may have, by its text. */
export const inputTypes: ReadonlyMap<string, GraphQLInputType> = new Map(
  argumentConfigs.map(({ type }) => [String(type), type]),
);
