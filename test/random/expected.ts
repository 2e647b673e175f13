import type { OperationDefinitionNode } from "graphql";
import {
  Broken,
  type Found,
  type Fragment,
  type Group,
  nothingFound,
  noUsages,
  type Outcome,
  type StreamedList,
} from "./answer-parts.ts";
import { collectFields, type Document } from "./collect-fields.ts";
import type { FullAnswer } from "./full-answer.ts";
import { PartMaker } from "./part-maker.ts";
import { isObject, type Json, type JsonObject, type Part, type Path } from "./responses.ts";

/**
 * What the payloads of an operation must come to.
 *
 * Errors are named by their paths. Where one makes more than its own field null, what else broke in there may be
 * reported or not, for that depends on which was first: at least one of those that are to blame must be.
 */
export interface Expected {
  readonly data: Json;
  /** No other errors are reported. */
  readonly possibleErrors: ReadonlySet<string>;
  readonly requiredErrors: ReadonlySet<string>;
  /** Of each of these sets at least one is reported. */
  readonly blamedErrors: readonly ReadonlySet<string>[];
  /** The deferred fragments and streamed lists that come after their surroundings. */
  readonly parts: readonly ExpectedPart[];
}

export interface ExpectedPart extends Part {
  /** Where what it delivers is put; the place of the part itself or below it. */
  readonly places: readonly Path[];
  /**
   * Whether there may be nothing left to deliver when its turn comes, so that it need not be announced: a list that ends
   * where its stream begins, a fragment in another of which all came with others.
   */
  readonly isOptional: boolean;
  readonly fails: boolean;
}

/**
 * Works it out from the answer without any propagation of errors, by the rules of the incremental delivery
 * specification (v0.2):
 *
 * - An error in a non-null place makes the nearest nullable place above it null, as ever, but not beyond the part of the
 *   answer that it comes with: the first payload, one group of deferred fields, or one streamed item.
 * - A group of fields belongs to every fragment that asks for it and is not deferred within another of them. If it
 *   breaks, all of these fragments fail, and what only they would have delivered is left out.
 * - A fragment in one that failed never comes. A list whose item broke ends before that item.
 */
export function expectedOf(document: Document, operation: OperationDefinitionNode, full: FullAnswer): Expected {
  return new Expectation(document, full).of(operation);
}

class Expectation {
  readonly #document: Document;
  readonly #full: FullAnswer;
  readonly #maker: PartMaker;
  readonly #waiting: Fragment[] = [];
  readonly #delivered = new Set<Group>();
  readonly #required = new Set<string>();
  readonly #blamed: ReadonlySet<string>[] = [];
  readonly #parts: ExpectedPart[] = [];

  constructor(document: Document, full: FullAnswer) {
    this.#document = document;
    this.#full = full;
    this.#maker = new PartMaker(document, full);
  }

  of(operation: OperationDefinitionNode): Expected {
    const data = this.#firstPayload(operation);
    for (let fragment = this.#waiting.shift(); fragment; fragment = this.#waiting.shift()) this.#release(fragment);
    return {
      data,
      possibleErrors: this.#maker.possibleErrors,
      requiredErrors: this.#required,
      blamedErrors: this.#blamed,
      parts: this.#parts,
    };
  }

  #firstPayload({ selectionSet }: OperationDefinitionNode): Json {
    const query = this.#document.schema.getQueryType();
    const { data } = this.#full;
    if (!query || !isObject(data)) throw new TypeError("Expected the answer of a query.");
    const found = nothingFound();
    const target: JsonObject = {};
    try {
      const collected = collectFields(this.#document, query, [{ set: selectionSet, usage: undefined }]);
      this.#maker.fill({ target, type: query, source: data, path: [] }, collected, noUsages, found);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      this.#blamed.push(error.blamed);
      return null;
    }
    this.#take(found);
    return target;
  }

  /** What a delivered part of the answer brings with it. */
  #take(found: Found): void {
    for (const error of found.required) this.#required.add(error);
    this.#blamed.push(...found.blamed);
    this.#register(found);
    for (const list of found.lists) this.#stream(list);
  }

  #register({ fragments, groups }: Found): void {
    this.#waiting.push(...fragments);
    for (const group of groups) for (const fragment of group.fragments) fragment.groups.push(group);
  }

  #release(fragment: Fragment): void {
    if (!this.#succeeds(fragment)) return;
    for (const group of fragment.groups) {
      if (this.#delivered.has(group)) continue;
      this.#delivered.add(group);
      const outcome = this.#outcomeOf(group);
      if (!outcome.fields) throw new Error("A group of a fragment that succeeded is broken.");
      Object.assign(group.target, outcome.fields);
      this.#take({ ...outcome.found, fragments: [], groups: [] });
    }
  }

  /** Whether everything in it can be delivered, and the fragment around it was. */
  #succeeds(fragment: Fragment): boolean {
    if (fragment.succeeded !== undefined) return fragment.succeeded;
    const { usage, path } = fragment;
    const parent = usage.parent && this.#maker.fragmentOf(usage.parent);
    if (parent && !this.#succeeds(parent)) {
      fragment.succeeded = false;
      return false;
    }
    const blamed = new Set<string>();
    // Groups are added while the ones before them are looked at.
    for (const group of fragment.groups) {
      const outcome = this.#outcomeOf(group);
      for (const error of outcome.fields ? [] : outcome.blamed) blamed.add(error);
    }
    fragment.succeeded = blamed.size === 0;
    if (blamed.size > 0) this.#blamed.push(blamed);
    if (fragment.groups.length > 0) {
      const isShared = fragment.groups.every(({ fragments }) => fragments.length > 1);
      this.#parts.push({
        path,
        label: usage.label,
        places: fragment.groups.map((group) => group.path),
        isOptional: isShared && usage.parent !== undefined,
        fails: blamed.size > 0,
      });
    }
    return fragment.succeeded;
  }

  #outcomeOf(group: Group): Outcome {
    if (group.outcome) return group.outcome;
    const found = nothingFound();
    const fields: JsonObject = {};
    try {
      this.#maker.fill(
        { ...group, target: fields },
        { grouped: group.fields, usages: [] },
        group.usages,
        found,
        group.target,
      );
      group.outcome = { fields, found };
      this.#register(found);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      group.outcome = { blamed: error.blamed };
    }
    return group.outcome;
  }

  #stream(list: StreamedList): void {
    const { path, label, rest } = list;
    const fails = rest.some((source) => !this.#streamItem(list, source));
    this.#parts.push({ path, label, places: [path], isOptional: rest.length === 0, fails });
  }

  #streamItem({ path, target, itemType, details }: StreamedList, source: Json): boolean {
    const found = nothingFound();
    try {
      // A streamed item is a part of its own: no fragment around the list counts in it.
      const value = { type: itemType, details: details.map(({ node }) => ({ node, usage: undefined })), isItem: true };
      target.push(this.#maker.complete(value, source, [...path, target.length], noUsages, found));
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      this.#blamed.push(error.blamed);
      return false;
    }
    this.#take(found);
    return true;
  }
}
