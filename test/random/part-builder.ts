import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNullableType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import {
  activeDirective,
  type Collected,
  collectFields,
  type DeferUsage,
  type Document,
  type FieldDetails,
} from "./collect-fields.ts";
import { type FullResult, typeKey } from "./full-result.ts";
import { isObject, type Json, type JsonObject, type Path, pathText } from "./responses.ts";
import {
  type Contents,
  emptyContents,
  type Fragment,
  type Group,
  isSame,
  NullPropagation,
  usagesOf,
} from "./result-parts.ts";

export interface Value {
  readonly type: GraphQLOutputType;
  readonly details: readonly FieldDetails[];
  /** Whether it is an item of a list: @stream applies to the list, not to its items. */
  readonly isItem: boolean;
}

/**
 * Builds the parts of a result from the full result: the first payload, a group of deferred fields, a streamed item.
 * Throws `NullPropagation` if null propagates beyond the part.
 */
export class PartBuilder {
  readonly #document: Document;
  readonly #full: FullResult;
  readonly #fragments = new Map<DeferUsage, Fragment>();
  readonly #possibleErrors = new Set<string>();

  constructor(document: Document, full: FullResult) {
    this.#document = document;
    this.#full = full;
  }

  /** All errors in the parts built so far. */
  get possibleErrors(): ReadonlySet<string> {
    return this.#possibleErrors;
  }

  fragmentOf(usage: DeferUsage): Fragment | undefined {
    return this.#fragments.get(usage);
  }

  /**
   * Fills an object with the fields of the current part, and collects the groups of its other fields.
   *
   * @param usages the deferred fragments of the part
   * @param merged the object in the merged result, if `target` has only the added fields
   */
  fill(
    { target, type, source, path }: Pick<Group, "target" | "type" | "source" | "path">,
    { grouped, usages: opened }: Collected,
    usages: ReadonlySet<DeferUsage>,
    contents: Contents,
    merged = target,
  ): void {
    for (const usage of opened) {
      const fragment = { path, usage, groups: [] };
      this.#fragments.set(usage, fragment);
      contents.fragments.push(fragment);
    }
    const causes = new Set<string>();
    const later: { readonly usages: ReadonlySet<DeferUsage>; readonly fields: Map<string, readonly FieldDetails[]> }[] =
      [];
    for (const [key, details] of grouped) {
      const own = usagesOf(details);
      if (!isSame(own, usages)) {
        const group = later.find((one) => isSame(one.usages, own));
        if (group) group.fields.set(key, details);
        else later.push({ usages: own, fields: new Map([[key, details]]) });
        continue;
      }
      try {
        target[key] = this.#field(type, details, source[key] ?? null, [...path, key], usages, contents);
      } catch (error) {
        if (!(error instanceof NullPropagation)) throw error;
        for (const name of error.causes) causes.add(name);
      }
    }
    if (causes.size > 0) throw new NullPropagation(causes);
    for (const { usages: own, fields } of later) {
      const fragments = [...own].map((usage) => this.#fragments.get(usage)).filter((one) => one !== undefined);
      contents.groups.push({ fragments, target: merged, type, source, path, fields, usages: own });
    }
  }

  #field(
    parent: GraphQLObjectType,
    details: readonly FieldDetails[],
    source: Json,
    path: Path,
    usages: ReadonlySet<DeferUsage>,
    contents: Contents,
  ): Json {
    const name = details[0]?.node.name.value ?? "";
    if (name === "__typename") return source;
    const field = parent.getFields()[name];
    if (!field) throw new TypeError(`Expected a field of ${parent.name}, got ${name}.`);
    return this.complete({ type: field.type, details, isItem: false }, source, path, usages, contents);
  }

  complete(value: Value, source: Json, path: Path, usages: ReadonlySet<DeferUsage>, contents: Contents): Json {
    const position = pathText(path);
    if (source === null && (isNonNullType(value.type) || this.#full.errors.has(position))) {
      this.#possibleErrors.add(position);
      if (isNonNullType(value.type)) throw new NullPropagation(new Set([position]));
      contents.required.push(position);
      return null;
    }
    if (source === null) return null;
    const content = { ...value, type: getNullableType(value.type) };
    if (isNonNullType(value.type)) return this.#content(content, source, path, usages, contents);
    const inside = emptyContents();
    try {
      const completed = this.#content(content, source, path, usages, inside);
      contents.required.push(...inside.required);
      contents.alternatives.push(...inside.alternatives);
      contents.fragments.push(...inside.fragments);
      contents.groups.push(...inside.groups);
      contents.lists.push(...inside.lists);
      return completed;
    } catch (error) {
      if (!(error instanceof NullPropagation)) throw error;
      contents.alternatives.push(error.causes);
      return null;
    }
  }

  #content(value: Value, source: Json, path: Path, usages: ReadonlySet<DeferUsage>, contents: Contents): Json {
    if (Array.isArray(source)) return this.#list(value, source, path, usages, contents);
    if (!isObject(source)) return source;
    const type = this.#document.schema.getType(String(source[typeKey]));
    if (!isObjectType(type)) throw new TypeError(`Expected a type name at ${pathText(path)}.`);
    const target: JsonObject = {};
    const sets = value.details.map(({ node, usage }) => ({ set: node.selectionSet, usage }));
    this.fill({ target, type, source, path }, collectFields(this.#document, type, sets), usages, contents);
    return target;
  }

  #list(
    value: Value,
    source: readonly Json[],
    path: Path,
    usages: ReadonlySet<DeferUsage>,
    contents: Contents,
  ): Json[] {
    if (!isListType(value.type)) throw new TypeError(`Expected no list at ${pathText(path)}.`);
    const itemType = value.type.ofType;
    const directives = value.isItem ? [] : value.details[0]?.node.directives;
    const stream = activeDirective(this.#document, "stream", directives);
    const count = stream ? Number(stream.initialCount ?? 0) : source.length;
    const target: Json[] = [];
    const causes = new Set<string>();
    for (const [index, item] of source.slice(0, count).entries()) {
      try {
        const { details } = value;
        target.push(this.complete({ type: itemType, details, isItem: true }, item, [...path, index], usages, contents));
      } catch (error) {
        if (!(error instanceof NullPropagation)) throw error;
        for (const name of error.causes) causes.add(name);
      }
    }
    if (causes.size > 0) throw new NullPropagation(causes);
    if (stream && source.length >= count) {
      const label = typeof stream.label === "string" ? stream.label : undefined;
      const rest = source.slice(count);
      contents.lists.push({ path, label, target, rest, itemType, details: value.details });
    }
    return target;
  }
}
