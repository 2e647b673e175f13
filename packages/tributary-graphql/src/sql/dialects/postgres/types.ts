import type { ClientBase, CustomTypesConfig, QueryResult } from "pg";
import { inUtc } from "./parameters.ts";
import { arrayOf, asText, builtInParsers, type ValueParser } from "./values.ts";

type Query = (...parameters: unknown[]) => unknown;

/** A type in the server's catalog. */
interface CatalogType {
  readonly oid: number;
  /** The base type of a domain, otherwise 0. */
  readonly base: number;
  /** The element type of an array, otherwise 0. */
  readonly element: number;
  readonly delimiter: string;
}

/** Also returns the element and base types. `int2vector` and `point` have an element type but are not arrays. */
const catalogQuery = `with recursive used(oid, typtype, typbasetype, typelem) as (
  select t.oid, t.typtype, t.typbasetype, t.typelem from pg_catalog.pg_type t where t.oid = any($1::oid[])
  union
  select t.oid, t.typtype, t.typbasetype, t.typelem
  from used join pg_catalog.pg_type t on t.oid in (used.typelem, used.typbasetype)
)
select used.oid, case used.typtype when 'd' then used.typbasetype else 0::oid end as base,
  coalesce((select e.oid from pg_catalog.pg_type e where e.oid = used.typelem and e.typarray = used.oid), 0::oid) as element,
  coalesce((select e.typdelim::text from pg_catalog.pg_type e where e.oid = used.typelem), ',') as delimiter
from used`;

/**
 * The value parsers of one database. The OIDs of user-defined types (enums, domains, extensions) differ between databases:
 * when a result has an unknown OID, it is queried from the server's catalog once. A type that a migration creates gets a
 * new OID.
 */
export class PostgresTypes implements CustomTypesConfig {
  readonly #found = new Map<number, ValueParser>();

  readonly getTypeParser = (oid: number): ValueParser => builtInParsers.get(oid) ?? this.#found.get(oid) ?? asText;

  /** Clears the cache: after a reconnect to another server the OIDs may mean other types. */
  clear(): void {
    this.#found.clear();
  }

  /** Makes a connection send times in UTC and query the catalog for unknown types. */
  useFor(client: ClientBase): void {
    const query: Query = client.query.bind(client);
    const ask: Query = (text, values, ...others) => {
      const result = query(text, Array.isArray(values) ? inUtc(values) : values, ...others);
      return result instanceof Promise ? result.then((queryResult) => this.#complete(queryResult, query)) : result;
    };
    client.query = ask as typeof client.query;
  }

  #complete(result: QueryResult, query: Query): QueryResult | Promise<QueryResult> {
    const unknown = unknownOf(result, (oid) => builtInParsers.has(oid) || this.#found.has(oid));
    return unknown === undefined ? result : this.#convert(result, unknown, query);
  }

  /** Parses the values whose type was unknown when the rows arrived: these are still text. */
  async #convert(result: QueryResult, oids: ReadonlySet<number>, query: Query): Promise<QueryResult> {
    const { rows } = (await query(catalogQuery, [[...oids]])) as QueryResult<CatalogType>;
    const types = new Map(rows.map((type) => [type.oid, type]));
    for (const oid of oids) this.#found.set(oid, parserOf(oid, types));
    const parsers = new Map(
      result.fields.map(({ name, dataTypeID }) => [
        name,
        oids.has(dataTypeID) ? this.#found.get(dataTypeID) : undefined,
      ]),
    );
    for (const [name, parse] of parsers) {
      if (parse === undefined || parse === asText) continue;
      for (const row of result.rows) {
        const text: unknown = Reflect.get(row, name);
        if (typeof text === "string") Reflect.set(row, name, parse(text));
      }
    }
    return result;
  }
}

/** The unknown types among a result's columns; undefined if there are none. */
function unknownOf({ fields }: QueryResult, isKnown: (oid: number) => boolean): ReadonlySet<number> | undefined {
  let unknown: Set<number> | undefined;
  for (const { dataTypeID } of fields) {
    if (isKnown(dataTypeID)) continue;
    unknown ??= new Set();
    unknown.add(dataTypeID);
  }
  return unknown;
}

/** A domain is parsed as its base type, an array element by element. Any other type stays text. */
function parserOf(oid: number, types: ReadonlyMap<number, CatalogType>): ValueParser {
  const builtIn = builtInParsers.get(oid);
  const type = types.get(oid);
  if (builtIn !== undefined) return builtIn;
  if (type === undefined) return asText;
  if (type.base !== 0) return parserOf(type.base, types);
  return type.element === 0 ? asText : arrayOf(parserOf(type.element, types), type.delimiter);
}
