import type { GraphQLObjectType, GraphQLOutputType } from "graphql";
import type { DeferUsage, FieldDetails, GroupedFields } from "./collect-fields.ts";
import type { Json, JsonObject, Path } from "./responses.ts";

/** Thrown for errors in non-null positions, and caught at the nearest nullable parent. */
export class NullPropagation extends Error {
  readonly causes: ReadonlySet<string>;

  constructor(causes: ReadonlySet<string>) {
    super("An error in a non-null position.");
    this.causes = causes;
  }
}

/** A deferred fragment at one response position. */
export interface Fragment {
  readonly path: Path;
  readonly usage: DeferUsage;
  readonly groups: Group[];
  succeeded?: boolean;
}

/** Fields of the same deferred fragments, which are executed and delivered together. */
export interface Group {
  readonly fragments: readonly Fragment[];
  readonly target: JsonObject;
  readonly type: GraphQLObjectType;
  readonly source: JsonObject;
  readonly path: Path;
  readonly fields: GroupedFields;
  readonly usages: ReadonlySet<DeferUsage>;
  outcome?: Outcome;
}

export type Outcome =
  | { readonly fields: JsonObject; readonly contents: Contents }
  | { readonly causes: ReadonlySet<string>; readonly fields?: undefined };

export interface StreamedList {
  readonly path: Path;
  readonly label: string | undefined;
  readonly target: Json[];
  readonly rest: readonly Json[];
  readonly itemType: GraphQLOutputType;
  readonly details: readonly FieldDetails[];
}

/** Errors, deferred fragments and streamed lists within a part of the result; discarded if null propagation discards the part. */
export interface Contents {
  readonly required: string[];
  readonly alternatives: ReadonlySet<string>[];
  readonly fragments: Fragment[];
  readonly groups: Group[];
  readonly lists: StreamedList[];
}

export const emptyContents = (): Contents => ({ required: [], alternatives: [], fragments: [], groups: [], lists: [] });

export const noUsages: ReadonlySet<DeferUsage> = new Set();

/** The deferred fragments of a field: none if it is also selected without @defer; no fragment nested in another of them. */
export function usagesOf(details: readonly FieldDetails[]): ReadonlySet<DeferUsage> {
  const usages = new Set<DeferUsage>();
  for (const { usage } of details) {
    if (usage === undefined) return noUsages;
    usages.add(usage);
  }
  const hasParentIn = ({ parent }: DeferUsage): boolean =>
    parent !== undefined && (usages.has(parent) || hasParentIn(parent));
  return new Set([...usages].filter((usage) => !hasParentIn(usage)));
}

export const isSame = (left: ReadonlySet<DeferUsage>, right: ReadonlySet<DeferUsage>): boolean =>
  left.size === right.size && [...left].every((usage) => right.has(usage));
