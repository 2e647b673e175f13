import type { Sources } from "../datasources/sources.ts";

/** The context that every resolver gets, made once per request. */
export interface Context {
  readonly sources: Sources;
}
