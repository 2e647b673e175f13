import { isAbstractType, isObjectType } from "graphql";
import type { Payload, ResponsePath } from "../streaming/payload.ts";
import { type CostAnalysis, type FieldSelections, type Selections, saturated } from "./cost-analysis.ts";
import type { SchemaCosts } from "./schema-costs.ts";

type Values = Readonly<Record<string, unknown>>;

/** A field of an executed object. */
interface ExecutedField {
  readonly responseName: string;
  /** Of the execution. */
  readonly own: number;
  /** The possible types of an object, with their fields. Empty for a leaf. */
  readonly objects: readonly ExecutedObject[];
}

interface ExecutedObject {
  readonly weight: number;
  fields(): readonly ExecutedField[];
}

/** The cost of what was executed: the weights of the estimate, over the values of the result. */
export class ExecutedCost {
  readonly #analysis: CostAnalysis;
  readonly #costs: SchemaCosts;
  readonly #root: ExecutedObject | undefined;
  /** The paths of the parts that are to follow. */
  readonly #pending = new Map<string, ResponsePath>();
  #total = 0;

  constructor(analysis: CostAnalysis, costs: SchemaCosts) {
    this.#analysis = analysis;
    this.#costs = costs;
    const root = analysis.root();
    this.#root = root && this.#object(root);
  }

  get total(): number {
    return this.#total;
  }

  /** A whole result, or a payload of a stream. */
  add({ data, pending, incremental }: Payload): void {
    if (this.#root === undefined) return;
    for (const part of pending ?? []) this.#pending.set(part.id, part.path);
    if (isObject(data)) this.#total = saturated(this.#total + this.#root.weight + costOfFields(this.#root, data));
    for (const { id, subPath = [], data: part, items } of incremental ?? []) {
      const path = [...(this.#pending.get(id) ?? []), ...subPath];
      const objects = objectsAt(this.#root, path);
      // Items are new objects. The object of a deferred fragment came in an earlier payload.
      const cost = items
        ? costOfValue(objects, items)
        : isObject(part)
          ? largest(objects, (each) => costOfFields(each, part))
          : 0;
      this.#total = saturated(this.#total + cost);
    }
  }

  #object(selections: Pick<Selections, "type" | "sets" | "sizedBy">): ExecutedObject {
    let fields: readonly ExecutedField[] | undefined;
    return {
      weight: this.#costs.weightOf(selections.type),
      fields: () => {
        fields ??= this.#analysis.fieldsOf(selections).map((field) => this.#field(field));
        return fields;
      },
    };
  }

  #field({ cost, nodes }: FieldSelections): ExecutedField {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const { type } = cost;
    const possible = isAbstractType(type)
      ? this.#costs.schema.getPossibleTypes(type)
      : isObjectType(type)
        ? [type]
        : [];
    const [node] = nodes;
    return {
      responseName: node?.alias?.value ?? cost.field.name,
      own: node ? this.#analysis.ownCost(cost, node) : 0,

      objects:
        possible.length > 0
          ? possible.map((object) => this.#object({ type: object, sets, sizedBy: undefined }))
          : [{ weight: this.#costs.weightOf(type), fields: () => [] }],
    };
  }
}

function costOfFields(object: ExecutedObject, values: Values): number {
  let cost = 0;
  for (const { responseName, own, objects } of object.fields()) {
    const value = values[responseName];
    if (value !== undefined) cost += own + costOfValue(objects, value);
  }
  return saturated(cost);
}

/** Of an abstract type, what its most expensive possible type would cost: the result does not always name the type. */
function costOfValue(objects: readonly ExecutedObject[], value: unknown): number {
  if (value === null) return 0;
  if (Array.isArray(value)) {
    let cost = 0;
    for (const item of value) cost += costOfValue(objects, item);
    return saturated(cost);
  }
  return largest(objects, (each) => each.weight + (isObject(value) ? costOfFields(each, value) : 0));
}

/** The possible types of the object or the items at a path. */
function objectsAt(root: ExecutedObject, path: ResponsePath): readonly ExecutedObject[] {
  let objects: readonly ExecutedObject[] = [root];
  for (const key of path) {
    if (typeof key === "number") continue;
    objects = objects.flatMap((each) => each.fields().find(({ responseName }) => responseName === key)?.objects ?? []);
  }
  return objects;
}

function largest(objects: readonly ExecutedObject[], costOf: (object: ExecutedObject) => number): number {
  let most = 0;
  for (const each of objects) most = Math.max(most, costOf(each));
  return most;
}

const isObject = (value: unknown): value is Values => typeof value === "object" && value !== null;
