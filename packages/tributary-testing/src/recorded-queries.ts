import type { CompiledQuery, Kysely } from "kysely";
import type { Database } from "tributary-graphql/sql";

/** Wraps a database so that it records every query. */
export function recordQueries<Schema>(database: Database<Schema>): {
  readonly database: Database<Schema>;
  readonly queries: readonly CompiledQuery[];
} {
  const queries: CompiledQuery[] = [];
  const db = new Proxy(database.db, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      if (name !== "executeQuery") return value.bind(target);
      return (query: CompiledQuery, ...rest: readonly unknown[]) => {
        queries.push(query);
        return value.call(target, query, ...rest);
      };
    },
  }) satisfies Kysely<Schema>;
  return { database: { ...database, db }, queries };
}
