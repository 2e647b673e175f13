import {
  doTypesOverlap,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  isObjectType,
  isUnionType,
} from "graphql";
import type { Choice, IncrementalChoice, OperationChoices } from "./choices.ts";
import { fieldArguments, variables } from "./field-arguments.ts";

export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Writes the operation of these choices, with or without @defer and @stream. */
export function writeOperation(
  schema: GraphQLSchema,
  choices: OperationChoices,
  { isIncremental }: { readonly isIncremental: boolean },
): Operation {
  const text = new OperationWriter(schema, choices, isIncremental).write();
  const used = Object.entries(variables).filter(([name]) => text.includes(`$${name}`));
  const declared = used.map(([name, { type }]) => `$${name}: ${type}`).join(", ");
  return {
    query: `query Random${declared && `(${declared})`} ${text}`,
    variables: Object.fromEntries(used.map(([name, { value }]) => [name, value])),
  };
}

/** The type conditions of named fragments, starting with the types that overlap most. */
const fragmentTypes = [
  "City",
  "Country",
  "Node",
  "Query",
  "SearchResult",
  "Airport",
  "CityConnection",
  "CountryConnection",
] as const;

class OperationWriter {
  readonly #schema: GraphQLSchema;
  readonly #choices: OperationChoices;
  readonly #isIncremental: boolean;
  readonly #fragments = new Map<number, string>();
  /** Makes labels unique, as required, and aliases of streamed fields, which cannot be merged with other fields. */
  #incrementals = 0;

  constructor(schema: GraphQLSchema, choices: OperationChoices, isIncremental: boolean) {
    this.#schema = schema;
    this.#choices = choices;
    this.#isIncremental = isIncremental;
  }

  write(): string {
    const root = this.#selections(this.#type("Query"), this.#choices.root, -1);
    return [root, ...this.#fragments.values()].join("\n");
  }

  #selections(parent: GraphQLCompositeType, choices: readonly Choice[], fragment: number): string {
    const written = choices.map((choice) => this.#selection(parent, choice, fragment));
    return `{ ${written.length === 0 ? "__typename" : written.join(" ")} }`;
  }

  /** @param fragment index of the enclosing fragment: it may spread only later fragments, so there are no cycles */
  #selection(parent: GraphQLCompositeType, choice: Choice, fragment: number): string {
    const isEmptyFragment = choice.kind === "inline" && choice.children.length === 0;
    switch (isEmptyFragment ? "field" : choice.kind) {
      case "field":
        return this.#field(parent, choice, fragment);
      case "inline":
        return this.#inline(parent, choice, fragment);
      case "spread":
        return this.#spread(parent, choice, fragment);
      default:
        throw new TypeError(`Expected a kind of selection, got ${choice.kind}.`);
    }
  }

  /** Prefers a field with subfields for a choice with children, and a leaf field for one without. */
  #field(parent: GraphQLCompositeType, choice: Choice, fragment: number): string {
    const fields = isUnionType(parent) ? [] : Object.values(parent.getFields());
    const fitting = fields.filter(({ type }) => isCompositeType(getNamedType(type)) === choice.children.length > 0);
    const field = chosen(fitting.length > 0 ? fitting : fields, choice.pick);
    if (field === undefined) return "__typename";
    const { args, alias } = argumentsOf(parent, field, choice.variant);
    const isList = isListType(getNullableType(field.type));
    const { incremental } = choice;
    const mark = incremental && isList ? ++this.#incrementals : 0;
    const directives = [choice.condition, incremental && isList && this.#stream(incremental, mark)].filter(Boolean);
    const name = mark > 0 ? `${alias}_s${mark}` : alias;
    const type = getNamedType(field.type);
    const selections = isCompositeType(type) ? this.#selections(type, choice.children, fragment) : "";
    return [name === field.name ? name : `${name}: ${field.name}`, args, ...directives, selections]
      .filter(Boolean)
      .join(" ");
  }

  #inline(parent: GraphQLCompositeType, choice: Choice, fragment: number): string {
    const type = chosen([parent, parent, ...this.#overlapping(parent)], choice.pick) ?? parent;
    const condition = type === parent && choice.variant < 2 ? "" : `on ${type.name}`;
    const selections = this.#selections(type, choice.children, fragment);
    return ["...", condition, choice.condition, this.#defer(choice.incremental), selections].filter(Boolean).join(" ");
  }

  /** Falls back to an inline fragment if no named fragment can be spread. */
  #spread(parent: GraphQLCompositeType, choice: Choice, fragment: number): string {
    const usable = this.#choices.fragments
      .map(({ pick }, index) => ({ index, type: this.#type(chosen(fragmentTypes, pick) ?? "Query") }))
      .filter(({ index, type }) => index > fragment && doTypesOverlap(this.#schema, parent, type));
    const used = chosen(usable, choice.pick);
    if (used === undefined) return this.#selection(parent, { ...choice, kind: "inline" }, fragment);
    this.#writeFragment(used.index, used.type);
    return [`...F${used.index}`, choice.condition, this.#defer(choice.incremental)].filter(Boolean).join(" ");
  }

  #writeFragment(index: number, type: GraphQLCompositeType): void {
    if (this.#fragments.has(index)) return;
    this.#fragments.set(index, "");
    const selections = this.#selections(type, this.#choices.fragments[index]?.children ?? [], index);
    this.#fragments.set(index, `fragment F${index} on ${type.name} ${selections}`);
  }

  #defer(incremental: IncrementalChoice | null): string {
    if (incremental === null) return "";
    const mark = ++this.#incrementals;
    return this.#isIncremental ? `@defer${writeArguments(incremental, `d${mark}`, null)}` : "";
  }

  #stream(incremental: IncrementalChoice, mark: number): string {
    return this.#isIncremental ? `@stream${writeArguments(incremental, `s${mark}`, incremental.initialCount)}` : "";
  }

  #overlapping(parent: GraphQLCompositeType): GraphQLCompositeType[] {
    if (isObjectType(parent)) return [...parent.getInterfaces()];
    return isAbstractType(parent) ? [...this.#schema.getPossibleTypes(parent), this.#type("Node")] : [];
  }

  #type(name: string): GraphQLCompositeType {
    const type = this.#schema.getType(name);
    if (!isCompositeType(type)) throw new TypeError(`Expected a type with fields, got ${name}.`);
    return type;
  }
}

/** The alias depends on the arguments, so that fields with the same response key can always be merged. */
function argumentsOf(parent: GraphQLCompositeType, field: GraphQLField<unknown, unknown>, variant: number) {
  const options = fieldArguments[`${parent.name}.${field.name}`];
  const option = variant % (options?.length ?? 2);
  const text = options?.[option];
  return { args: text ? `(${text})` : "", alias: option === 0 ? field.name : `${field.name}_${option}` };
}

function writeArguments({ isLabeled, condition }: IncrementalChoice, label: string, initialCount: string | null) {
  const parts = [
    condition !== null && `if: ${condition}`,
    isLabeled && `label: "${label}"`,
    initialCount !== null && `initialCount: ${initialCount}`,
  ].filter(Boolean);
  return parts.length === 0 ? "" : `(${parts.join(", ")})`;
}

const chosen = <Value>(options: readonly Value[], pick: number): Value | undefined => options[pick % options.length];
