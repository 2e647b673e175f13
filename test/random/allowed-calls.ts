import {
  type GraphQLCompositeType,
  type GraphQLOutputType,
  getNamedType,
  isCompositeType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import { activeDirective, type Document, isIncluded } from "./collect-fields.ts";

/** The possible calls of a field's resolver. */
const callsOfFields: Readonly<Record<string, readonly string[]>> = {
  "Query.country": ["countriesByCode", "countriesByCode3"],
  "Query.city": ["citiesById"],
  "Query.airport": ["airportsByIata"],
  "Query.currency": ["currencies"],
  "Query.node": ["countriesByCode", "citiesById", "airportsByIata"],
  "Query.nodes": ["countriesByCode", "citiesById", "airportsByIata"],
  "Query.search": ["search"],
  "Country.capital": ["capitals"],
  "Country.borders": ["countriesByCode3"],
  "City.country": ["countriesByCode"],
  "City.nearestAirports": ["airportsNear"],
  "City.sun": ["sun"],
  "Airport.country": ["countriesByCode"],
  "Currency.rate": ["rates"],
};

const callsOfConnections: Readonly<Record<string, readonly string[]>> = {
  edges: ["page"],
  nodes: ["page"],
  pageInfo: ["page"],
  totalCount: ["count"],
};

const callsOf = (type: string, field: string): readonly string[] =>
  callsOfFields[`${type}.${field}`] ?? (type.endsWith("Connection") ? (callsOfConnections[field] ?? []) : []);

/**
 * The number of batches per call that an operation may make in addition to those without @defer and @stream: one per
 * level of a deferred fragment with this call, and one for the later items of a streamed list. The depth of a level is
 * its number of reads; all fields of a level share a batch.
 */
export function allowedCalls(document: Document, operation: OperationDefinitionNode): ReadonlyMap<string, number> {
  const levels = new Map<string, ReadonlyMap<string, number>>();
  const query = document.schema.getQueryType();
  if (!query) throw new TypeError("Expected a query type.");
  visitSelections({ document, levels }, operation.selectionSet, query, root);
  return new Map(
    [...levels].map(([call, byLevel]) => [call, [...byLevel.values()].reduce((sum, one) => sum + one, 0)]),
  );
}

interface Visit {
  readonly document: Document;
  /** By call: the number of additional batches per level. */
  readonly levels: Map<string, ReadonlyMap<string, number>>;
}

interface Position {
  /** The enclosing @defer and @stream, by location in the document. */
  readonly enclosing: string;
  readonly isDeferred: boolean;
  readonly streams: number;
  readonly reads: number;
}

const root: Position = { enclosing: "", isDeferred: false, streams: 0, reads: 0 };

function visitSelections(visit: Visit, set: SelectionSetNode, parent: GraphQLCompositeType, here: Position): void {
  for (const selection of set.selections) {
    if (!isIncluded(visit.document, selection.directives)) continue;
    if (selection.kind === Kind.FIELD) {
      visitField(visit, selection, parent, here);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : visit.document.fragments.get(selection.name.value);
    const type = fragment?.typeCondition ? visit.document.schema.getType(fragment.typeCondition.name.value) : parent;
    if (!fragment || !isCompositeType(type)) throw new TypeError("Expected a fragment on a type with fields.");
    const isDeferred = activeDirective(visit.document, "defer", selection.directives) !== undefined;
    const inside = isDeferred ? { ...here, isDeferred, reads: 0, enclosing: enclosingOf(here, selection) } : here;
    visitSelections(visit, fragment.selectionSet, type, inside);
  }
}

function visitField(
  visit: Visit,
  field: Extract<SelectionNode, { kind: Kind.FIELD }>,
  parent: GraphQLCompositeType,
  here: Position,
): void {
  const type = isUnionType(parent) ? undefined : parent.getFields()[field.name.value]?.type;
  if (type === undefined) return;
  const calls = callsOf(parent.name, field.name.value);
  for (const call of calls) allow(visit, call, here);
  if (!field.selectionSet) return;
  const isStreamed = activeDirective(visit.document, "stream", field.directives) !== undefined;
  const inside = {
    ...here,
    reads: here.reads + (calls.length > 0 ? 1 : 0),
    ...(isStreamed && { streams: here.streams + 1, enclosing: enclosingOf(here, field) }),
  };
  visitSelections(visit, field.selectionSet, itemType(type), inside);
}

function allow({ levels }: Visit, call: string, { enclosing, isDeferred, streams, reads }: Position): void {
  // Each enclosing streamed list has initial items and later items, each with batches of their own. Outside deferred
  // fragments the batch of the initial items of all lists is the one that exists without @stream.
  const batches = 2 ** streams - (isDeferred ? 0 : 1);
  if (batches === 0) return;
  levels.set(call, new Map([...(levels.get(call) ?? []), [`${enclosing}/${reads}`, batches]]));
}

const enclosingOf = ({ enclosing }: Position, { loc }: SelectionNode): string => `${enclosing}/${loc?.start}`;

function itemType(type: GraphQLOutputType): GraphQLCompositeType {
  const named = getNamedType(type);
  if (!isCompositeType(named)) throw new TypeError(`Expected a type with fields, got ${named.name}.`);
  return named;
}
