import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLScalarType,
  GraphQLString,
  Kind,
  type ValueNode,
  valueFromASTUntyped,
} from "graphql";

/** How often each leaf type was asked to complete a value, by its name. Emptied before each execution. */
export const completions = new Map<string, number>();

const count = (name: string): void => void completions.set(name, (completions.get(name) ?? 0) + 1);

/** Values that make `Odd` fail. */
export const oddities = {
  throws: "throws",
  throwsText: "throws text",
  undefined: "becomes undefined",
  null: "becomes null",
  nan: "becomes NaN",
  promise: "becomes a promise",
  rejection: "becomes a rejection",
} as const;

function completeOdd(value: unknown): unknown {
  count("Odd");
  switch (value) {
    case oddities.throws:
      throw new Error("Odd cannot complete this");
    case oddities.throwsText:
      throw "a text that Odd throws";
    case oddities.undefined:
      return undefined;
    case oddities.null:
      return null;
    case oddities.nan:
      return Number.NaN;
    case oddities.promise:
      return Promise.resolve("completed later");
    case oddities.rejection:
      return Promise.reject(new Error("Odd fails later"));
    default:
      return { odd: value };
  }
}

function acceptOdd(value: unknown): unknown {
  if (value === "bad") throw new Error("Odd does not take bad");
  if (value === "missing") return undefined;
  return { given: value };
}

/** A scalar of graphql 17's names: throws, gives nothing, gives objects, gives promises. */
const Odd = new GraphQLScalarType({
  name: "Odd",
  coerceOutputValue: completeOdd,
  coerceInputValue: acceptOdd,
  coerceInputLiteral: (node) => acceptOdd(valueFromASTUntyped(node)),
});

/** A scalar with the method names before graphql 17, which reads the variables. */
const Old = new GraphQLScalarType({
  name: "Old",
  serialize: (value) => {
    count("Old");
    if (value === oddities.throws) throw new RangeError("Old cannot serialize this");
    return `old ${String(value)}`;
  },
  parseValue: (value) => `parsed ${String(value)}`,
  parseLiteral: (node: ValueNode, variables) =>
    node.kind === Kind.STRING ? `literal ${node.value}` : `literal of ${node.kind} ${Object.keys(variables ?? {})}`,
});

const internalGreen = { green: true };

/** An enumeration whose internal values are a number, an object, and a name itself. */
const Color = new GraphQLEnumType({
  name: "Color",
  values: { RED: { value: 1 }, GREEN: { value: internalGreen }, BLUE: {} },
});

export const leafTypes = {
  Int: GraphQLInt,
  Float: GraphQLFloat,
  String: GraphQLString,
  Boolean: GraphQLBoolean,
  ID: GraphQLID,
  Odd,
  Old,
  Color,
} as const;

export type LeafName = keyof typeof leafTypes;

/** Values that resolvers give for a type, as it should be. */
export const goodValues: Readonly<Record<LeafName, readonly unknown[]>> = {
  Int: [0, 1, -0, 7, "12", true, 2147483647, 5n],
  Float: [0.5, 1e21, "3.25", false, 3],
  String: ["", "text", 12, true, 'quotes " and\u2028', 9n],
  Boolean: [true, false, 1, 0],
  ID: ["id", 5, "", 10n],
  Odd: [0, "odd", false, ""],
  Old: [0, "old", false, ""],
  Color: [1, internalGreen, "BLUE"],
};

/** Values that a type cannot complete. */
export const badValues: Readonly<Record<LeafName, readonly unknown[]>> = {
  Int: [Number.NaN, 1.5, 2147483648, "x", "", {}, [], Symbol("s")],
  Float: [Number.NaN, Number.POSITIVE_INFINITY, "x", {}, []],
  String: [{}, [], Symbol("s"), () => "text"],
  Boolean: ["true", {}, Number.NaN],
  ID: [1.5, {}, true, [], Symbol("s")],
  Odd: [oddities.throws, oddities.throwsText, oddities.undefined, oddities.null, oddities.nan],
  Old: [oddities.throws],
  Color: [2, "RED", "GREEN", {}],
};

/** Values that `Odd` completes later. */
export const lateValues = [oddities.promise, oddities.rejection] as const;
