import type { Sources } from "../datasources/sources.ts";

/** The context value of the resolvers, created once per request. */
export interface Context {
  readonly sources: Sources;
}
