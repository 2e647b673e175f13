import type { GraphQLSchema } from "graphql";
import type { ReadinessChecks, RequestScope } from "tributary-graphql";

/** A schema with its open sources. */
export interface Graph {
  readonly schema: GraphQLSchema;
  createContext(scope: RequestScope): object;
  readonly readiness: ReadinessChecks;
  /** Closes the sources. */
  close(): Promise<void>;
}
