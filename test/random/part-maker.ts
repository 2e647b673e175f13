import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNullableType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { Broken, type Found, type Fragment, type Group, isSame, nothingFound, usagesOf } from "./answer-parts.ts";
import {
  activeDirective,
  type Collected,
  collectFields,
  type DeferUsage,
  type Document,
  type FieldDetails,
} from "./collect-fields.ts";
import { type FullAnswer, typeKey } from "./full-answer.ts";
import { isObject, type Json, type JsonObject, type Path, pathText } from "./responses.ts";

export interface Value {
  readonly type: GraphQLOutputType;
  readonly details: readonly FieldDetails[];
  /** Of a list: @stream belongs to the list itself. */
  readonly isItem: boolean;
}

/**
 * Makes the parts of an answer out of the full answer: the first payload, a group of deferred fields, a streamed item.
 * Each throws `Broken` when an error leaves nothing of it.
 */
export class PartMaker {
  readonly #document: Document;
  readonly #full: FullAnswer;
  readonly #fragments = new Map<DeferUsage, Fragment>();
  readonly #possibleErrors = new Set<string>();

  constructor(document: Document, full: FullAnswer) {
    this.#document = document;
    this.#full = full;
  }

  /** Every error that was met in the parts made so far. */
  get possibleErrors(): ReadonlySet<string> {
    return this.#possibleErrors;
  }

  fragmentOf(usage: DeferUsage): Fragment | undefined {
    return this.#fragments.get(usage);
  }

  /**
   * Fills an object with those of its fields that belong to the part of the answer that is being made, and notes the
   * groups of the others.
   *
   * @param usages the fragments that the part belongs to
   * @param place the object as it will stand in the answer, when `target` is only what is added to it
   */
  fill(
    { target, type, source, path }: Pick<Group, "target" | "type" | "source" | "path">,
    { grouped, usages: opened }: Collected,
    usages: ReadonlySet<DeferUsage>,
    found: Found,
    place = target,
  ): void {
    for (const usage of opened) {
      const fragment = { path, usage, groups: [] };
      this.#fragments.set(usage, fragment);
      found.fragments.push(fragment);
    }
    const blamed = new Set<string>();
    const later: { readonly usages: ReadonlySet<DeferUsage>; readonly fields: Map<string, readonly FieldDetails[]> }[] =
      [];
    for (const [key, details] of grouped) {
      const own = usagesOf(details);
      if (!isSame(own, usages)) {
        const known = later.find((group) => isSame(group.usages, own));
        if (known) known.fields.set(key, details);
        else later.push({ usages: own, fields: new Map([[key, details]]) });
        continue;
      }
      try {
        target[key] = this.#field(type, details, source[key] ?? null, [...path, key], usages, found);
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        for (const name of error.blamed) blamed.add(name);
      }
    }
    if (blamed.size > 0) throw new Broken(blamed);
    for (const { usages: own, fields } of later) {
      const fragments = [...own].map((usage) => this.#fragments.get(usage)).filter((one) => one !== undefined);
      found.groups.push({ fragments, target: place, type, source, path, fields, usages: own });
    }
  }

  #field(
    parent: GraphQLObjectType,
    details: readonly FieldDetails[],
    source: Json,
    path: Path,
    usages: ReadonlySet<DeferUsage>,
    found: Found,
  ): Json {
    const name = details[0]?.node.name.value ?? "";
    if (name === "__typename") return source;
    const field = parent.getFields()[name];
    if (!field) throw new TypeError(`Expected a field of ${parent.name}, got ${name}.`);
    return this.complete({ type: field.type, details, isItem: false }, source, path, usages, found);
  }

  complete(value: Value, source: Json, path: Path, usages: ReadonlySet<DeferUsage>, found: Found): Json {
    const place = pathText(path);
    if (source === null && (isNonNullType(value.type) || this.#full.errors.has(place))) {
      this.#possibleErrors.add(place);
      if (isNonNullType(value.type)) throw new Broken(new Set([place]));
      found.required.push(place);
      return null;
    }
    if (source === null) return null;
    const content = { ...value, type: getNullableType(value.type) };
    if (isNonNullType(value.type)) return this.#content(content, source, path, usages, found);
    const inside = nothingFound();
    try {
      const completed = this.#content(content, source, path, usages, inside);
      found.required.push(...inside.required);
      found.blamed.push(...inside.blamed);
      found.fragments.push(...inside.fragments);
      found.groups.push(...inside.groups);
      found.lists.push(...inside.lists);
      return completed;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      found.blamed.push(error.blamed);
      return null;
    }
  }

  #content(value: Value, source: Json, path: Path, usages: ReadonlySet<DeferUsage>, found: Found): Json {
    if (Array.isArray(source)) return this.#list(value, source, path, usages, found);
    if (!isObject(source)) return source;
    const type = this.#document.schema.getType(String(source[typeKey]));
    if (!isObjectType(type)) throw new TypeError(`Expected a type's name at ${pathText(path)}.`);
    const target: JsonObject = {};
    const sets = value.details.map(({ node, usage }) => ({ set: node.selectionSet, usage }));
    this.fill({ target, type, source, path }, collectFields(this.#document, type, sets), usages, found);
    return target;
  }

  #list(value: Value, source: readonly Json[], path: Path, usages: ReadonlySet<DeferUsage>, found: Found): Json[] {
    if (!isListType(value.type)) throw new TypeError(`Expected no list at ${pathText(path)}.`);
    const itemType = value.type.ofType;
    const directives = value.isItem ? [] : value.details[0]?.node.directives;
    const stream = activeDirective(this.#document, "stream", directives);
    const count = stream ? Number(stream.initialCount ?? 0) : source.length;
    const target: Json[] = [];
    const blamed = new Set<string>();
    for (const [index, item] of source.slice(0, count).entries()) {
      try {
        const { details } = value;
        target.push(this.complete({ type: itemType, details, isItem: true }, item, [...path, index], usages, found));
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        for (const name of error.blamed) blamed.add(name);
      }
    }
    if (blamed.size > 0) throw new Broken(blamed);
    if (stream && source.length >= count) {
      const label = typeof stream.label === "string" ? stream.label : undefined;
      const rest = source.slice(count);
      found.lists.push({ path, label, target, rest, itemType, details: value.details });
    }
    return target;
  }
}
