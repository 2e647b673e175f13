import type { GraphQLSchema } from "graphql";
import type { ReadinessChecks, RequestScope } from "tributary-graphql";

/** A graph with its open sources, for the gateway to serve. */
export interface Graph {
  readonly schema: GraphQLSchema;
  createContext(scope: RequestScope): object;
  readonly readiness: ReadinessChecks;
  /** Lets go of the sources. */
  close(): Promise<void>;
}
