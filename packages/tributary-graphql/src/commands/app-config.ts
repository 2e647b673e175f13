import type { GraphQLSchema } from "graphql";
import type { CallLog } from "../core/call-log.ts";
import type { Gateway } from "../gateway/gateway.ts";

/**
 * The facts about an app that the command `tributary` needs: the default export of its `tributary.config.ts`.
 *
 * @example
 * export default {
 *   schema: async () => (await import("./schema/index.ts")).schema,
 *   start: async ({ createCallLog }) => createGateway({ schema, createCallLog }),
 * } satisfies AppConfig;
 */
export interface AppConfig {
  /** The schema that the app serves. */
  schema(): GraphQLSchema | Promise<GraphQLSchema>;
  /**
   * The folder of the operations of its clients: their documents (`*.graphql`), the variables that they are run with, the
   * record of their calls and their generated types. Below the app's root. Default `operations`.
   */
  readonly operations?: string;
  /** The printed schema; approved breaking changes stand beside it. Below the app's root. Default `schema/schema.graphql`. */
  readonly printedSchema?: string;
  /**
   * Starts the app in this process, without a port, with the schema above: `tributary calls` runs the operations of the
   * clients on it. Rejects with one line that says which source cannot be had. Without it `calls` is refused.
   */
  start?(options: StartOptions): Promise<StartedApp>;
}

export interface StartOptions {
  /** The environment of the process, with `NODE_ENV=test` and a long `REQUEST_TIMEOUT_MS`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Makes the call log of each request: to be handed to `createGateway`. */
  readonly createCallLog: () => CallLog;
}

export interface StartedApp {
  readonly gateway: Pick<Gateway, "fetch">;
  /** Lets go of everything that was opened. */
  close(): Promise<void>;
}
