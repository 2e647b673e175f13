import {
  doTypesOverlap,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isIntrospectionType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type OperationTypeNode,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from "graphql";
import type { Choice, DocumentChoices, OperationChoices } from "./choices.ts";
import { SeededRandom } from "./seeded-random.ts";
import { ArgumentWriter, type Variable } from "./write-arguments.ts";

export interface WrittenDocument {
  readonly text: string;
  readonly operationNames: readonly string[];
  /** The variables of each operation, in the order of `operationNames`. */
  readonly variables: readonly (readonly Variable[])[];
}

/** The document that these choices make for a schema. It is valid, unless the choices say that parts are broken. */
export const writeDocument = (schema: GraphQLSchema, choices: DocumentChoices): WrittenDocument =>
  new DocumentWriter(schema, choices).write();

type Field = GraphQLField<unknown, unknown>;

class DocumentWriter {
  readonly #schema: GraphQLSchema;
  readonly #choices: DocumentChoices;
  readonly #random: SeededRandom;
  readonly #arguments: ArgumentWriter;
  readonly #fragments = new Map<number, string>();
  #count = 0;

  constructor(schema: GraphQLSchema, choices: DocumentChoices) {
    this.#schema = schema;
    this.#choices = choices;
    this.#random = new SeededRandom(`document ${choices.seed}`);
    this.#arguments = new ArgumentWriter(this.#random, choices.brokenPercent);
  }

  write(): WrittenDocument {
    const { operations } = this.#choices;
    const bodies = operations.map((operation) => this.#operationBody(operation));
    const variables = bodies.map((body) => this.#usedVariables(body));
    const names = operations.map((_, index) => `Operation${index}`);
    const texts = operations.map(({ kind, keepsErrors }, index) => {
      const declared = variables[index]?.map(declaration).join(", ");
      const directive = keepsErrors ? " @experimental_disableErrorPropagation" : "";
      return `${kind} ${names[index]}${declared ? `(${declared})` : ""}${directive} ${bodies[index]}`;
    });
    return { text: [...texts, ...this.#fragments.values()].join("\n"), operationNames: names, variables };
  }

  #operationBody({ kind, root }: OperationChoices): string {
    const type = this.#schema.getRootType(kind as OperationTypeNode);
    if (!type) throw new TypeError(`Expected a schema with a type for ${kind}.`);
    return this.#selections(type, kind === "subscription" ? root.slice(0, 3) : root, -1);
  }

  #usedVariables(body: string): Variable[] {
    const texts = [body];
    // A fragment spreads later ones only, so one walk in order finds all.
    for (const [index, text] of [...this.#fragments].sort(([one], [other]) => one - other)) {
      if (texts.some((other) => other.includes(`...F${index} `))) texts.push(text);
    }
    return [...this.#arguments.variables.values()].filter(({ name }) =>
      texts.some((text) => new RegExp(`\\$${name}\\b`).test(text)),
    );
  }

  #selections(parent: GraphQLCompositeType, choices: readonly Choice[], fragment: number): string {
    const written = choices.map((choice) => this.#selection(parent, choice, fragment));
    return `{ ${written.length === 0 ? "__typename" : written.join(" ")} }`;
  }

  /** @param fragment the fragment that this is written in, by its index: it may use those after it only, so no cycles */
  #selection(parent: GraphQLCompositeType, choice: Choice, fragment: number): string {
    if (this.#random.chance(`broken ${this.#count++}`, this.#choices.brokenPercent)) {
      return this.#random.pick(`wrong ${this.#count}`, [
        "nothing",
        "...Nowhere",
        "... on Nowhere { f0 }",
        "f0",
        "f0 { f0 }",
        "a: nothing { f1 }",
        "f0 @include(if: 5)",
        "... @skip(if: $undefined) { f0 }",
        "f1 @include { f0 }",
      ]);
    }
    if (choice.kind === "spread") return this.#spread(parent, choice, fragment);
    if (choice.kind === "inline" && choice.children.length > 0) return this.#inline(parent, choice, fragment);
    return this.#field(parent, choice, fragment);
  }

  #field(parent: GraphQLCompositeType, choice: Choice, fragment: number): string {
    const field = this.#pickField(parent, choice);
    if (field === undefined) return `__typename ${this.#condition(choice)}`;
    const { name, type, args } = field;
    const named = getNamedType(type);
    const variant = args.length > 0 || choice.variant === 3 ? choice.variant : 0;
    const alias = this.#isInstead(parent, field) && variant === 3 ? typeAlias(field) : aliasOf(field, variant);
    const written = `${alias}${name}${this.#arguments.write(name, args, variant)} ${this.#condition(choice)}`;
    return isCompositeType(named) ? `${written}${this.#selections(named, choice.children, fragment)}` : written;
  }

  /**
   * Whether an object's field has the response name that other objects use for fields of its type: no object is of two
   * types, so that one name may stand for different fields.
   */
  #isInstead(parent: GraphQLCompositeType, field: Field): boolean {
    if (!isObjectType(parent) || isIntrospectionType(parent)) return false;
    const alike = Object.values(parent.getFields()).filter(
      ({ type, args }) => same(type, field.type) && args.length === 0,
    );
    return alike[0] === field;
  }

  #pickField(parent: GraphQLCompositeType, { pick, children }: Choice): Field | undefined {
    const isRoot = parent === this.#schema.getQueryType();
    if (isUnionType(parent) || pick % 13 === 12) return undefined;
    if (isRoot && pick % 13 === 11) return pick % 2 ? SchemaMetaFieldDef : TypeMetaFieldDef;
    const fields = Object.values(parent.getFields());
    const composite = fields.filter(({ type }) => isCompositeType(getNamedType(type)));
    const options = children.length > 0 && composite.length > 0 && pick % 4 > 0 ? composite : fields;
    return options[pick % options.length];
  }

  #inline(parent: GraphQLCompositeType, choice: Choice, fragment: number): string {
    const types = this.#overlapping(parent);
    const type = choice.pick % (types.length + 1) === 0 ? undefined : types[choice.pick % types.length];
    const condition = type ? `on ${type.name} ` : "";
    return `... ${condition}${this.#condition(choice)}${this.#selections(type ?? parent, choice.children, fragment)}`;
  }

  #spread(parent: GraphQLCompositeType, choice: Choice, fragment: number): string {
    const usable = [...this.#choices.fragments.keys()].filter(
      (index) => index > fragment && doTypesOverlap(this.#schema, parent, this.#fragmentType(index)),
    );
    if (usable.length === 0) return this.#field(parent, choice, fragment);
    const index = usable[choice.pick % usable.length] as number;
    if (!this.#fragments.has(index)) this.#fragments.set(index, this.#fragment(index));
    return `...F${index} ${this.#condition(choice)}`;
  }

  #fragment(index: number): string {
    const type = this.#fragmentType(index);
    const children = this.#choices.fragments[index]?.children ?? [];
    return `fragment F${index} on ${type.name} ${this.#selections(type, children, index)}`;
  }

  #fragmentType(index: number): GraphQLCompositeType {
    const types = this.#compositeTypes();
    return types[(this.#choices.fragments[index]?.pick ?? 0) % types.length] as GraphQLCompositeType;
  }

  #compositeTypes(): GraphQLCompositeType[] {
    const types = Object.values(this.#schema.getTypeMap());
    return types.filter((type): type is GraphQLCompositeType => isCompositeType(type) && !isIntrospectionType(type));
  }

  #overlapping(parent: GraphQLCompositeType): GraphQLCompositeType[] {
    if (isIntrospectionType(parent)) return [parent];
    return this.#compositeTypes().filter((type) => doTypesOverlap(this.#schema, parent, type));
  }

  #condition({ condition }: Choice): string {
    if (condition === null) return "";
    for (const [, name] of condition.matchAll(/\$(\w+)/g)) this.#arguments.flag(name as string);
    return `${condition} `;
  }
}

const same = (type: unknown, other: unknown): boolean => String(type) === String(other);

/** Where an object is stricter than the others, its field is of another type. */
function aliasOf({ name, type }: Field, variant: number): string {
  const isStrict = isNonNullType(type) ? "s" : "";
  return variant > 0 || isStrict ? `${name}_${isStrict}${variant}: ` : "";
}

const typeAlias = ({ type }: Field): string =>
  `any_${String(type).replaceAll("!", "N").replaceAll("[", "L").replaceAll("]", "_")}: `;

const declaration = ({ name, type, defaultValue }: Variable): string =>
  `$${name}: ${type}${defaultValue === undefined ? "" : ` = ${defaultValue}`}`;
