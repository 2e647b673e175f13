import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLError,
  type GraphQLOutputType,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  type SelectionSetNode,
} from "graphql";
import type { SelectedOperation } from "../request/graphql-request.ts";
import type { ResponsePath } from "./payload.ts";

/** A field of the response: one response key may stand in several selections. */
interface ResponseField {
  readonly type: GraphQLOutputType;
  readonly nodes: FieldNode[];
  readonly selections: Selections;
}

/** The selection sets of an object, with the types that they select from. */
type Selections = { readonly set: SelectionSetNode; readonly parent: GraphQLCompositeType }[];

/** Stands for a value that is to be null where null is not allowed. */
const failed = Symbol("failed");

/** The data without what JSON cannot be made of, and the errors of the fields that had it, to be masked. */
export interface WritableData {
  /** `undefined` where null propagated beyond the data, which stands at a non-null position. */
  readonly data: unknown;
  readonly errors: readonly GraphQLError[];
}

/**
 * Finds the values of a response that JSON cannot be made of (a custom scalar may give a `bigint`, a circle, an object
 * whose `toJSON` throws) and fails their fields, with null propagation as in execution. Whether a response position may
 * be null follows from the document alone: validation sees to it that all fields of one response key agree.
 */
export class WritableValues {
  readonly #operation: SelectedOperation;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  #errors: GraphQLError[] = [];

  constructor(operation: SelectedOperation) {
    this.#operation = operation;
    for (const definition of operation.document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition);
    }
  }

  /** @param path where the object stands in the response; empty for the whole data */
  ofObject(data: unknown, path: ResponsePath = []): WritableData {
    const { type, selections, nodes } = this.#at(path);
    const completed = this.#complete(data, path.length === 0 ? type : nullable(type), { nodes, selections, path });
    return this.#result(completed);
  }

  /** @param path of the list, whose items begin at `start` */
  ofItems(items: readonly unknown[], path: ResponsePath, start: number): WritableData {
    const { type, ...field } = this.#at(path);
    const list = nullable(type);
    const itemType = isListType(list) ? list.ofType : list;
    const completed = items.map((item, at) =>
      this.#complete(item, itemType, { ...field, path: [...path, start + at] }),
    );
    return this.#result(completed.includes(failed) ? failed : completed);
  }

  #result(completed: unknown): WritableData {
    const errors = this.#errors;
    this.#errors = [];
    return { data: completed === failed ? undefined : completed, errors };
  }

  #at(path: ResponsePath): ResponseField {
    const { schema, operation } = this.#operation;
    const root = schema.getRootType(operation.operation);
    if (!root) throw new TypeError(`The schema has no type for a ${operation.operation}.`);
    let at: ResponseField = { type: root, nodes: [], selections: [{ set: operation.selectionSet, parent: root }] };
    for (const key of path) {
      if (typeof key === "number") {
        const list = nullable(at.type);
        at = { ...at, type: isListType(list) ? list.ofType : list };
      } else {
        const field = this.#fieldsOf(at.selections).get(key);
        if (!field) throw new TypeError(`The document has no field at ${path.join(".")}.`);
        at = field;
      }
    }
    return at;
  }

  #complete(value: unknown, type: GraphQLOutputType, position: Position): unknown {
    if (value === null || value === undefined) return value;
    if (isNonNullType(type)) return this.#completePresent(value, type.ofType, position);
    const completed = this.#completePresent(value, type, position);
    return completed === failed ? null : completed;
  }

  #completePresent(value: unknown, type: GraphQLOutputType, position: Position): unknown {
    if (isListType(type) && Array.isArray(value)) {
      const items = value.map((item, at) =>
        this.#complete(item, type.ofType, { ...position, path: [...position.path, at] }),
      );
      return items.includes(failed) ? failed : items;
    }
    return isCompositeType(type) && typeof value === "object" && value !== null
      ? this.#completeObject(value, position)
      : this.#completeLeaf(value, position);
  }

  #completeObject(value: object, { selections, path }: Position): unknown {
    const fields = this.#fieldsOf(selections);
    const completed: Record<string, unknown> = Object.create(null);
    let isFailed = false;
    for (const [key, member] of Object.entries(value)) {
      const field = fields.get(key);
      if (!field) throw new TypeError(`The document has no field at ${[...path, key].join(".")}.`);
      completed[key] = this.#complete(member, field.type, { ...field, path: [...path, key] });
      isFailed ||= completed[key] === failed;
    }
    return isFailed ? failed : completed;
  }

  /** A copy, since a `toJSON` may throw the second time. */
  #completeLeaf(value: unknown, { nodes, path }: Position): unknown {
    if (typeof value !== "object" && typeof value !== "bigint") return value;
    try {
      const text = JSON.stringify(value);
      return text === undefined ? undefined : JSON.parse(text);
    } catch (originalError) {
      const cause = originalError instanceof Error ? originalError : undefined;
      const message = "A value cannot be written as JSON.";
      this.#errors.push(new GraphQLError(message, { nodes, path, originalError: new TypeError(message, { cause }) }));
      return failed;
    }
  }

  #fieldsOf(selections: Selections): Map<string, ResponseField> {
    const fields = new Map<string, ResponseField>();
    const visited = new Set<string>();
    for (const { set, parent } of selections) this.#collect(set, parent, fields, visited);
    return fields;
  }

  #collect(
    { selections }: SelectionSetNode,
    parent: GraphQLCompositeType,
    fields: Map<string, ResponseField>,
    visited: Set<string>,
  ): void {
    const { schema } = this.#operation;
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        const type = schema.getField(parent, node.name.value)?.type;
        if (type) addField(fields, node, type);
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value) : node;
      if (!fragment || (node.kind === Kind.FRAGMENT_SPREAD && visited.has(node.name.value))) continue;
      if (node.kind === Kind.FRAGMENT_SPREAD) visited.add(node.name.value);
      const type = fragment.typeCondition ? schema.getType(fragment.typeCondition.name.value) : parent;
      if (isCompositeType(type)) this.#collect(fragment.selectionSet, type, fields, visited);
    }
  }
}

interface Position extends Omit<ResponseField, "type"> {
  readonly path: ResponsePath;
}

function addField(fields: Map<string, ResponseField>, node: FieldNode, type: GraphQLOutputType): void {
  const key = node.alias?.value ?? node.name.value;
  const field = fields.get(key) ?? { type, nodes: [], selections: [] };
  fields.set(key, field);
  field.nodes.push(node);
  let named: GraphQLOutputType = type;
  while (isListType(named) || isNonNullType(named)) named = named.ofType;
  if (node.selectionSet && isCompositeType(named)) field.selections.push({ set: node.selectionSet, parent: named });
}

const nullable = (type: GraphQLOutputType): GraphQLOutputType => (isNonNullType(type) ? type.ofType : type);
