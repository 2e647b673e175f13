import type { ClientBase, CustomTypesConfig, QueryResult } from "pg";
import { inUtc } from "./parameters.ts";
import { arrayOf, asText, builtInParsers, type ValueParser } from "./values.ts";

type Query = (...parameters: unknown[]) => unknown;

/** A type as the server's catalogue has it. */
interface CatalogueType {
  readonly oid: number;
  /** Of a domain, else 0. */
  readonly base: number;
  /** Of an array, else 0. */
  readonly element: number;
  readonly delimiter: string;
}

/** With the types that these are made of. `int2vector` and a point have elements, too, and are no arrays. */
const catalogueQuery = `with recursive used(oid, typtype, typbasetype, typelem) as (
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
 * How the columns of one database are read. Types of the database's own (enums, domains, extensions) have numbers that
 * differ from database to database: when a result has one that is not known yet, the server's catalogue is asked for it
 * once, and a type that a migration makes gets a number of its own.
 */
export class PostgresTypes implements CustomTypesConfig {
  readonly #found = new Map<number, ValueParser>();

  readonly getTypeParser = (oid: number): ValueParser => builtInParsers.get(oid) ?? this.#found.get(oid) ?? asText;

  /** Forgets what was found out: another server may answer now, in which the numbers mean something else. */
  forget(): void {
    this.#found.clear();
  }

  /** Has a connection send times in UTC, and read types that are unknown as the server says that it has to. */
  useFor(client: ClientBase): void {
    const query: Query = client.query.bind(client);
    const ask: Query = (text, values, ...others) => {
      const result = query(text, Array.isArray(values) ? inUtc(values) : values, ...others);
      return result instanceof Promise ? result.then((answer) => this.#complete(answer, query)) : result;
    };
    client.query = ask as typeof client.query;
  }

  #complete(result: QueryResult, query: Query): QueryResult | Promise<QueryResult> {
    const unknown = unknownOf(result, (oid) => builtInParsers.has(oid) || this.#found.has(oid));
    return unknown === undefined ? result : this.#convert(result, unknown, query);
  }

  /** The rows of a result have the text of a value whose type was not known when they came. */
  async #convert(result: QueryResult, oids: ReadonlySet<number>, query: Query): Promise<QueryResult> {
    const { rows } = (await query(catalogueQuery, [[...oids]])) as QueryResult<CatalogueType>;
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

/** The types of a result's columns that are not known; undefined for none. */
function unknownOf({ fields }: QueryResult, isKnown: (oid: number) => boolean): ReadonlySet<number> | undefined {
  let unknown: Set<number> | undefined;
  for (const { dataTypeID } of fields) {
    if (isKnown(dataTypeID)) continue;
    unknown ??= new Set();
    unknown.add(dataTypeID);
  }
  return unknown;
}

/** A domain is read as what it is based on, an array element by element, and everything else is its text. */
function parserOf(oid: number, types: ReadonlyMap<number, CatalogueType>): ValueParser {
  const builtIn = builtInParsers.get(oid);
  const type = types.get(oid);
  if (builtIn !== undefined) return builtIn;
  if (type === undefined) return asText;
  if (type.base !== 0) return parserOf(type.base, types);
  return type.element === 0 ? asText : arrayOf(parserOf(type.element, types), type.delimiter);
}
