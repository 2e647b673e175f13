import type { GraphQLObjectType, GraphQLOutputType } from "graphql";
import type { DeferUsage, FieldDetails, GroupedFields } from "./collect-fields.ts";
import type { Json, JsonObject, Path } from "./responses.ts";

/** Errors on their way up to the nearest nullable place. */
export class Broken extends Error {
  readonly blamed: ReadonlySet<string>;

  constructor(blamed: ReadonlySet<string>) {
    super("broken");
    this.blamed = blamed;
  }
}

/** A deferred fragment at one place of the answer. */
export interface Fragment {
  readonly path: Path;
  readonly usage: DeferUsage;
  readonly groups: Group[];
  succeeded?: boolean;
}

/** Fields that come together because the same fragments ask for them. */
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
  | { readonly fields: JsonObject; readonly found: Found }
  | { readonly blamed: ReadonlySet<string>; readonly fields?: undefined };

export interface StreamedList {
  readonly path: Path;
  readonly label: string | undefined;
  readonly target: Json[];
  readonly rest: readonly Json[];
  readonly itemType: GraphQLOutputType;
  readonly details: readonly FieldDetails[];
}

/** What was met in a part of the answer; thrown away with it when it breaks. */
export interface Found {
  readonly required: string[];
  readonly blamed: ReadonlySet<string>[];
  readonly fragments: Fragment[];
  readonly groups: Group[];
  readonly lists: StreamedList[];
}

export const nothingFound = (): Found => ({ required: [], blamed: [], fragments: [], groups: [], lists: [] });

export const noUsages: ReadonlySet<DeferUsage> = new Set();

/** The fragments that a field comes with: none when it is asked for without @defer too, and none within another. */
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
