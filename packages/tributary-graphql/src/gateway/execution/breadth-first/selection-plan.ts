import {
  type FieldNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  TypeNameMetaFieldDef,
  type ValidatedExecutionArgs,
} from "graphql";
import {
  collectSubfields,
  type FieldDetails,
  type FieldDetailsList,
  type GroupedFieldSet,
} from "graphql/execution/collectFields.js";
import { ArgumentsPlan } from "./arguments-plan.ts";
import { compiledCode } from "./compiled-code.ts";
import { interpretedCode } from "./interpreted-code.ts";
import { PropertyAssumptions } from "./property-assumptions.ts";
import type { PropertyField } from "./property-field.ts";
import type { SelectionCode } from "./selection-code.ts";
import { plainScalarOf, type Shape, type SpecifiedScalar, shapeOf } from "./shape.ts";
import type { Step } from "./step.ts";

/** The arguments that collecting fields depends on: the document, and the variables of its @skip and @include. */
export type CollectArgs = Pick<ValidatedExecutionArgs, "schema" | "fragments" | "variableValues" | "hideSuggestions">;

export interface PlanOptions {
  /** Whether fields without a resolver are read from properties. False for a request with a default resolver of its own. */
  readonly readsProperties: boolean;
  /** How many objects a selection set is executed for before it is compiled; undefined for never. */
  readonly compileAfter: number | undefined;
}

/** One field of a selection set on one object type: the facts about it that do not depend on a value. */
export class FieldPlan implements PropertyField {
  /** Its index among the fields of its selection set, in the order of the result. */
  readonly index: number;
  readonly responseName: string;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
  readonly nodes: readonly FieldNode[];
  readonly shape: Shape;
  scalar: SpecifiedScalar | undefined;
  readonly arguments: ArgumentsPlan;
  readonly isTypeName: boolean;
  readonly #namedType: GraphQLNamedType;
  readonly #canBeProperty: boolean;
  readonly #options: PlanOptions;
  readonly #details: FieldDetailsList;
  #selections: Map<GraphQLObjectType, SelectionPlan> | undefined;

  constructor(
    index: number,
    responseName: string,
    definition: GraphQLField<unknown, unknown>,
    parentType: GraphQLObjectType,
    details: FieldDetailsList,
    options: PlanOptions,
  ) {
    this.index = index;
    this.responseName = responseName;
    this.definition = definition;
    this.parentType = parentType;
    this.nodes = details.map(({ node }) => node);
    this.shape = shapeOf(definition.type);
    this.scalar = plainScalarOf(this.shape);
    this.arguments = new ArgumentsPlan(definition, details[0] as FieldDetails);
    this.isTypeName = definition === TypeNameMetaFieldDef;
    this.#namedType = getNamedType(definition.type);
    this.#canBeProperty = options.readsProperties && this.shape.kind === "leaf" && this.arguments.isEmpty;
    this.#options = options;
    this.#details = details;
  }

  /** Undefined for a field that has no resolver of its own. Not cached: tools add resolvers to a schema later. */
  get resolve(): GraphQLFieldResolver<unknown, unknown> | undefined {
    return this.definition.resolve;
  }

  /** Whether its value is a leaf that is read from a property of its object without a call. */
  get isProperty(): boolean {
    return this.isTypeName || (this.#canBeProperty && !this.definition.resolve);
  }

  /** Whether a type resolver may need the `info` of the field's resolver. */
  get keepsInfo(): boolean {
    const type = this.#namedType;
    return isAbstractType(type) || (isObjectType(type) && type.isTypeOf != null);
  }

  /**
   * The selection set of this field on objects of one type, planned when the first of them comes.
   *
   * @throws GraphQLError for a directive with an invalid argument, in a document that was not validated
   */
  selectionOf(type: GraphQLObjectType, args: CollectArgs): SelectionPlan {
    this.#selections ??= new Map();
    let selection = this.#selections.get(type);
    if (selection === undefined) {
      const { schema, fragments, variableValues, hideSuggestions } = args;
      const { groupedFieldSet } = collectSubfields(
        schema,
        fragments,
        variableValues,
        type,
        this.#details,
        hideSuggestions,
      );
      selection = new SelectionPlan(schema, type, groupedFieldSet, this.#options);
      this.#selections.set(type, selection);
    }
    return selection;
  }
}

/**
 * A selection set on one object type, its fields merged. It is executed once for all objects of a level, in the order of its
 * fields, so that a resolver sees its object in the same state as with graphql-js.
 */
export class SelectionPlan {
  readonly type: GraphQLObjectType;
  readonly fields: readonly FieldPlan[];
  /** The least characters of an object in JSON: its names, and the shortest values. */
  readonly minCharacters: number;
  steps: readonly Step<FieldPlan>[];
  code: SelectionCode<FieldPlan>;
  readonly #isSerial: boolean;
  #assumptions: PropertyAssumptions;
  /** How many objects it was executed for until it was compiled. */
  #rowCount = 0;
  /** Whether it may be compiled later. */
  #isCounting: boolean;
  readonly #compileAfter: number | undefined;

  /** @param isSerial whether each field is a step of its own */
  constructor(
    schema: GraphQLSchema,
    type: GraphQLObjectType,
    groupedFieldSet: GroupedFieldSet,
    options: PlanOptions,
    isSerial = false,
  ) {
    this.type = type;
    const fields: FieldPlan[] = [];
    for (const [responseName, details] of groupedFieldSet) {
      const definition = schema.getField(type, (details[0] as FieldDetails).node.name.value);
      // A field that the type does not have, in a document that was not validated, is left out of the result.
      if (definition) fields.push(new FieldPlan(fields.length, responseName, definition, type, details, options));
    }
    this.fields = fields;
    this.minCharacters = fields.reduce((sum, { responseName }) => sum + responseName.length + 6, 2);
    this.#isSerial = isSerial;
    this.#compileAfter = options.compileAfter;
    this.steps = stepsOf(fields, isSerial);
    this.#assumptions = new PropertyAssumptions(this.steps);
    this.code = interpretedCode(fields, this.steps);
    this.#isCounting = options.compileAfter !== undefined;
  }

  /** To be called before each level, with the number of its objects. Compiles the selection set after many. */
  prepare(rows: number): void {
    if (!this.#assumptions.hold()) this.#replan();
    if (!this.#isCounting) return;
    this.#rowCount += rows;
    if (this.#rowCount <= (this.#compileAfter ?? 0)) return;
    this.#isCounting = false;
    this.code = compiledCode(this.fields, this.steps) ?? this.code;
  }

  #replan(): void {
    for (const field of this.fields) field.scalar = plainScalarOf(field.shape);
    this.steps = stepsOf(this.fields, this.#isSerial);
    this.#assumptions = new PropertyAssumptions(this.steps);
    this.code = interpretedCode(this.fields, this.steps);
    this.#rowCount = 0;
    this.#isCounting = this.#compileAfter !== undefined;
  }
}

function stepsOf(fields: readonly FieldPlan[], isSerial: boolean): Step<FieldPlan>[] {
  const steps: Step<FieldPlan>[] = [];
  let properties: FieldPlan[] | undefined;
  for (const field of fields) {
    if (!field.isProperty) {
      steps.push({ field });
      properties = undefined;
    } else if (properties && !isSerial) {
      properties.push(field);
    } else {
      properties = [field];
      steps.push({ properties });
    }
  }
  return steps;
}
