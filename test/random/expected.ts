import type { OperationDefinitionNode } from "graphql";
import { collectFields, type Document } from "./collect-fields.ts";
import type { FullResult } from "./full-result.ts";
import { PartBuilder } from "./part-builder.ts";
import { isObject, type Json, type JsonObject, type Part, type Path } from "./responses.ts";
import {
  type Contents,
  emptyContents,
  type Fragment,
  type Group,
  NullPropagation,
  noUsages,
  type Outcome,
  type StreamedList,
} from "./result-parts.ts";

/**
 * The expected result of merging the payloads of an operation.
 *
 * Errors are given by their paths. If several errors propagate null to the same parent, it depends on timing which of
 * them are reported; at least one is.
 */
export interface Expected {
  readonly data: Json;
  /** Other errors must not be reported. */
  readonly possibleErrors: ReadonlySet<string>;
  readonly requiredErrors: ReadonlySet<string>;
  /** At least one error of each set is reported. */
  readonly alternativeErrors: readonly ReadonlySet<string>[];
  /** The deferred fragments and streamed lists. */
  readonly parts: readonly ExpectedPart[];
}

export interface ExpectedPart extends Part {
  /** The paths of the delivered fields or items: the path of the part or below it. */
  readonly positions: readonly Path[];
  /**
   * Whether it may be omitted because nothing is left to deliver: a list without items after `initialCount`, or a nested
   * fragment with all fields delivered by other fragments.
   */
  readonly isOptional: boolean;
  readonly fails: boolean;
}

/**
 * Computes the expected result from the result without null propagation, by the rules of the incremental delivery
 * specification (v0.2):
 *
 * - An error in a non-null position propagates null to the nearest nullable parent within the same part: the first
 *   payload, a group of deferred fields, or a streamed item.
 * - A group of fields belongs to each fragment that selects it and is not nested in another of them. If null propagates
 *   beyond the group, all of these fragments fail, and groups that only they deliver are omitted.
 * - A fragment nested in a failed fragment is omitted. A streamed list ends before the first failed item.
 */
export function expectedOf(document: Document, operation: OperationDefinitionNode, full: FullResult): Expected {
  return new Expectation(document, full).of(operation);
}

class Expectation {
  readonly #document: Document;
  readonly #full: FullResult;
  readonly #builder: PartBuilder;
  readonly #pending: Fragment[] = [];
  readonly #delivered = new Set<Group>();
  readonly #required = new Set<string>();
  readonly #alternatives: ReadonlySet<string>[] = [];
  readonly #parts: ExpectedPart[] = [];

  constructor(document: Document, full: FullResult) {
    this.#document = document;
    this.#full = full;
    this.#builder = new PartBuilder(document, full);
  }

  of(operation: OperationDefinitionNode): Expected {
    const data = this.#firstPayload(operation);
    for (let fragment = this.#pending.shift(); fragment; fragment = this.#pending.shift()) this.#release(fragment);
    return {
      data,
      possibleErrors: this.#builder.possibleErrors,
      requiredErrors: this.#required,
      alternativeErrors: this.#alternatives,
      parts: this.#parts,
    };
  }

  #firstPayload({ selectionSet }: OperationDefinitionNode): Json {
    const query = this.#document.schema.getQueryType();
    const { data } = this.#full;
    if (!query || !isObject(data)) throw new TypeError("Expected the result of a query.");
    const contents = emptyContents();
    const target: JsonObject = {};
    try {
      const collected = collectFields(this.#document, query, [{ set: selectionSet, usage: undefined }]);
      this.#builder.fill({ target, type: query, source: data, path: [] }, collected, noUsages, contents);
    } catch (error) {
      if (!(error instanceof NullPropagation)) throw error;
      this.#alternatives.push(error.causes);
      return null;
    }
    this.#collect(contents);
    return target;
  }

  /** Adds the contents of a delivered part. */
  #collect(contents: Contents): void {
    for (const error of contents.required) this.#required.add(error);
    this.#alternatives.push(...contents.alternatives);
    this.#register(contents);
    for (const list of contents.lists) this.#stream(list);
  }

  #register({ fragments, groups }: Contents): void {
    this.#pending.push(...fragments);
    for (const group of groups) for (const fragment of group.fragments) fragment.groups.push(group);
  }

  #release(fragment: Fragment): void {
    if (!this.#succeeds(fragment)) return;
    for (const group of fragment.groups) {
      if (this.#delivered.has(group)) continue;
      this.#delivered.add(group);
      const outcome = this.#outcomeOf(group);
      if (!outcome.fields) throw new Error("Expected all groups of a successful fragment to have data.");
      Object.assign(group.target, outcome.fields);
      this.#collect({ ...outcome.contents, fragments: [], groups: [] });
    }
  }

  /** Whether all of its groups and its parent fragment succeed. */
  #succeeds(fragment: Fragment): boolean {
    if (fragment.succeeded !== undefined) return fragment.succeeded;
    const { usage, path } = fragment;
    const parent = usage.parent && this.#builder.fragmentOf(usage.parent);
    if (parent && !this.#succeeds(parent)) {
      fragment.succeeded = false;
      return false;
    }
    const causes = new Set<string>();
    // `#outcomeOf` adds groups during the iteration.
    for (const group of fragment.groups) {
      const outcome = this.#outcomeOf(group);
      for (const error of outcome.fields ? [] : outcome.causes) causes.add(error);
    }
    fragment.succeeded = causes.size === 0;
    if (causes.size > 0) this.#alternatives.push(causes);
    if (fragment.groups.length > 0) {
      const isShared = fragment.groups.every(({ fragments }) => fragments.length > 1);
      this.#parts.push({
        path,
        label: usage.label,
        positions: fragment.groups.map((group) => group.path),
        isOptional: isShared && usage.parent !== undefined,
        fails: causes.size > 0,
      });
    }
    return fragment.succeeded;
  }

  #outcomeOf(group: Group): Outcome {
    if (group.outcome) return group.outcome;
    const contents = emptyContents();
    const fields: JsonObject = {};
    try {
      this.#builder.fill(
        { ...group, target: fields },
        { grouped: group.fields, usages: [] },
        group.usages,
        contents,
        group.target,
      );
      group.outcome = { fields, contents };
      this.#register(contents);
    } catch (error) {
      if (!(error instanceof NullPropagation)) throw error;
      group.outcome = { causes: error.causes };
    }
    return group.outcome;
  }

  #stream(list: StreamedList): void {
    const { path, label, rest } = list;
    const fails = rest.some((source) => !this.#streamItem(list, source));
    this.#parts.push({ path, label, positions: [path], isOptional: rest.length === 0, fails });
  }

  #streamItem({ path, target, itemType, details }: StreamedList, source: Json): boolean {
    const contents = emptyContents();
    try {
      // A streamed item is a part of its own, independent of the fragments around the list.
      const value = { type: itemType, details: details.map(({ node }) => ({ node, usage: undefined })), isItem: true };
      target.push(this.#builder.complete(value, source, [...path, target.length], noUsages, contents));
    } catch (error) {
      if (!(error instanceof NullPropagation)) throw error;
      this.#alternatives.push(error.causes);
      return false;
    }
    this.#collect(contents);
    return true;
  }
}
