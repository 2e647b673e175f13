import {
  type GraphQLArgument,
  type GraphQLInputType,
  GraphQLNonNull,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from "graphql";
import { inputTypes } from "./input-types.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** A variable has one type and one default wherever a document uses it: its name says which. */
export interface Variable {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly defaultValue: string | undefined;
}

/** Writes arguments and notes the variables that they use. */
export class ArgumentWriter {
  readonly variables = new Map<string, Variable>();
  readonly #random: SeededRandom;
  readonly #brokenPercent: number;

  constructor(random: SeededRandom, brokenPercent: number) {
    this.#random = random;
    this.#brokenPercent = brokenPercent;
  }

  /** The same for the same field and variant, so that fields of one response key can be merged. */
  write(field: string, args: readonly GraphQLArgument[], variant: number): string {
    const written = args.flatMap((arg) => {
      const value = this.#argument(`${field} ${arg.name} ${variant}`, arg);
      return value === undefined ? [] : [`${arg.name}: ${value}`];
    });
    return written.length === 0 ? "" : `(${written.join(", ")})`;
  }

  /** The variable of a condition. */
  flag(name: string): string {
    const type = inputTypes.get("Boolean") as GraphQLInputType;
    const strict = new GraphQLNonNull(type as never);
    if (name === "given") this.variables.set(name, { name, type: strict, defaultValue: undefined });
    else this.variables.set(name, { name, type: strict, defaultValue: String(name === "yes") });
    return `$${name}`;
  }

  #argument(id: string, arg: GraphQLArgument): string | undefined {
    const isRequired = isRequiredArgument(arg);
    if (this.#random.chance(`${id} broken`, this.#brokenPercent)) {
      return this.#random.pick(`${id} wrong`, [
        undefined,
        "null",
        "WRONG",
        '"wrong"',
        "[{}]",
        "{ nothing: 1 }",
        "$undefined",
      ]);
    }
    const integer = this.#random.integer(`${id} way`, 10);
    if (!isRequired && integer < 3) return undefined;
    if (integer < 7) return this.#variable(id, arg.type, !isRequired);
    return this.#literal(id, arg.type, 0);
  }

  /** @param canBeMissing whether a null or missing variable is allowed where it stands */
  #variable(id: string, type: GraphQLInputType, canBeMissing: boolean): string {
    const flavour = this.#random.integer(`${id} flavour`, 3);
    const isNonNull = isNonNullType(type);
    const loose = isNonNull && (flavour > 0 || canBeMissing) ? type.ofType : type;
    const needsDefault = isNonNull && !canBeMissing && loose !== type;
    const name = `v_${String(loose).replaceAll("!", "N").replaceAll("[", "L").replaceAll("]", "")}_${flavour}${needsDefault ? "d" : ""}`;
    const hasDefault = needsDefault || flavour === 2;
    const strict = isNonNullType(loose) ? loose.ofType : loose;
    const defaultValue = hasDefault ? this.#literal(`default of ${name}`, new GraphQLNonNull(strict), 9) : undefined;
    this.variables.set(name, { name, type: loose, defaultValue });
    return `$${name}`;
  }

  /** @param depth from 9 on, nothing but constants */
  #literal(id: string, type: GraphQLInputType, depth: number): string {
    if (isNonNullType(type)) return this.#present(id, type.ofType, depth);
    if (this.#random.chance(`${id} null`, 12)) return "null";
    if (depth > 0 && depth < 9 && inputTypes.has(String(type)) && this.#random.chance(`${id} variable`, 20)) {
      return this.#variable(id, type, true);
    }
    return this.#present(id, type, depth);
  }

  #present(id: string, type: GraphQLInputType, depth: number): string {
    if (isNonNullType(type)) return this.#present(id, type.ofType, depth);
    if (isListType(type)) {
      // A variable in place of a list of one would have to be of the list's type.
      if (this.#random.chance(`${id} single`, 20)) return this.#present(`${id}#`, type.ofType, 9 + depth);
      const length = this.#random.integer(`${id} length`, 3);
      return `[${Array.from({ length }, (_, index) => this.#literal(`${id}#${index}`, type.ofType, depth + 1)).join(", ")}]`;
    }
    if (isInputObjectType(type)) return this.#object(id, type, depth);
    if (isEnumType(type)) return this.#random.pick(id, ["RED", "GREEN", "BLUE"]);
    return this.#random.pick(id, leafLiterals[type.name] ?? ['"odd"', "1", "[1, { a: true }]", "true"]);
  }

  #object(id: string, type: Extract<GraphQLInputType, { isOneOf: boolean }>, depth: number): string {
    const all = Object.values(type.getFields());
    const isDeep = depth % 9 > 2;
    const some = type.isOneOf
      ? [this.#random.pick(`${id} one`, isDeep ? all.slice(0, 2) : all)]
      : all.filter(
          (field) => isRequiredInputField(field) || (!isDeep && this.#random.chance(`${id} ${field.name}`, 40)),
        );
    const written = some.map((field) => {
      const fieldType = type.isOneOf ? new GraphQLNonNull(field.type as never) : field.type;
      return `${field.name}: ${this.#literal(`${id}.${field.name}`, fieldType, depth + 1)}`;
    });
    return `{ ${written.join(", ")} }`;
  }
}

const leafLiterals: Readonly<Record<string, readonly string[]>> = {
  Int: ["0", "1", "-7"],
  Float: ["0.5", "2", "1e3"],
  String: ['""', '"text"', '"""block"""'],
  Boolean: ["true", "false"],
  ID: ['"id"', "4"],
};
