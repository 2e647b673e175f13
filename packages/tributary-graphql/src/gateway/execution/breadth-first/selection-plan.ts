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

/** What collecting fields depends on: the document, and the variables of its @skip and @include. */
export type CollectArgs = Pick<ValidatedExecutionArgs, "schema" | "fragments" | "variableValues" | "hideSuggestions">;

export interface PlanOptions {
  /** Whether fields without a resolver are read from properties; otherwise the request brings a resolver for them. */
  readonly readsProperties: boolean;
  /** How many objects a selection set is run for before it is compiled; undefined for never. */
  readonly compileAfter: number | undefined;
}

/** One field of a selection set on one object type: all that can be known of it before a value is there. */
export class FieldPlan implements PropertyField {
  /** Its position among the fields of its selection set, in the order of the answer. */
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

  /** Undefined for a field that has no resolver of its own. Asked anew each time: tools put resolvers into a schema later. */
  get resolve(): GraphQLFieldResolver<unknown, unknown> | undefined {
    return this.definition.resolve;
  }

  /** Whether its value is a leaf that is read from a property of its object. */
  get isProperty(): boolean {
    return this.isTypeName || (this.#canBeProperty && !this.definition.resolve);
  }

  /** Whether types may ask for what the resolver was told. */
  get keepsInfo(): boolean {
    const type = this.#namedType;
    return isAbstractType(type) || (isObjectType(type) && type.isTypeOf != null);
  }

  /**
   * What is selected of this field's objects of one type, planned when the first of them comes.
   *
   * @throws GraphQLError for a directive whose argument makes no sense, in a document that was not validated
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
 * A selection set on one object type, its fields merged: run once for all objects of its level. Its steps are in the order
 * of the fields, so that a resolver sees its object as graphql-js would show it.
 */
export class SelectionPlan {
  readonly type: GraphQLObjectType;
  readonly fields: readonly FieldPlan[];
  /** Of an object in JSON, in characters: its names, and the least that values take. */
  readonly minCharacters: number;
  steps: readonly Step<FieldPlan>[];
  code: SelectionCode<FieldPlan>;
  readonly #isSerial: boolean;
  #assumptions: PropertyAssumptions;
  /** How many objects it has been run for until it was compiled. */
  #rowCount = 0;
  #isSettled: boolean;
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
      // A field that the type does not have, in a document that was not validated, is left out of the answer.
      if (definition) fields.push(new FieldPlan(fields.length, responseName, definition, type, details, options));
    }
    this.fields = fields;
    this.minCharacters = fields.reduce((sum, { responseName }) => sum + responseName.length + 6, 2);
    this.#isSerial = isSerial;
    this.#compileAfter = options.compileAfter;
    this.steps = stepsOf(fields, isSerial);
    this.#assumptions = new PropertyAssumptions(this.steps);
    this.code = interpretedCode(fields, this.steps);
    this.#isSettled = options.compileAfter === undefined;
  }

  /** To be told of each level that is run, and how many objects it has: what has been run for many is compiled. */
  prepare(rows: number): void {
    if (!this.#assumptions.hold()) this.#planAgain();
    if (this.#isSettled) return;
    this.#rowCount += rows;
    if (this.#rowCount <= (this.#compileAfter ?? 0)) return;
    this.#isSettled = true;
    this.code = compiledCode(this.fields, this.steps) ?? this.code;
  }

  #planAgain(): void {
    for (const field of this.fields) field.scalar = plainScalarOf(field.shape);
    this.steps = stepsOf(this.fields, this.#isSerial);
    this.#assumptions = new PropertyAssumptions(this.steps);
    this.code = interpretedCode(this.fields, this.steps);
    this.#rowCount = 0;
    this.#isSettled = this.#compileAfter === undefined;
  }
}

function stepsOf(fields: readonly FieldPlan[], isSerial: boolean): Step<FieldPlan>[] {
  const steps: Step<FieldPlan>[] = [];
  let run: FieldPlan[] | undefined;
  for (const field of fields) {
    if (!field.isProperty) {
      steps.push({ field });
      run = undefined;
    } else if (run && !isSerial) {
      run.push(field);
    } else {
      run = [field];
      steps.push({ properties: run });
    }
  }
  return steps;
}
