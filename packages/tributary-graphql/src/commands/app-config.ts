import type { GraphQLSchema } from "graphql";
import type { CallLog } from "../core/call-log.ts";
import type { Gateway } from "../gateway/gateway.ts";

/**
 * The configuration of an app for the command `tributary`: the default export of its `tributary.config.ts`.
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
   * The folder of the client operations, relative to the app's root: their documents (`*.graphql`), the variables that they
   * are executed with, the record of their calls and their generated types. Default `operations`.
   */
  readonly operations?: string;
  /**
   * The path of the printed schema, relative to the app's root. Approved breaking changes are in a file in the same folder.
   * Default `schema/schema.graphql`.
   */
  readonly printedSchema?: string;
  /**
   * Starts the app in this process, without a port and with the schema above. `tributary calls` needs it to execute the
   * client operations. A rejection's message has to be one line, such as which source is unavailable.
   */
  start?(options: StartOptions): Promise<StartedApp>;
}

export interface StartOptions {
  /** The environment of the process, with `NODE_ENV=test` and a long `REQUEST_TIMEOUT_MS`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Creates the call log of each request. Pass it to `createGateway`. */
  readonly createCallLog: () => CallLog;
}

export interface StartedApp {
  readonly gateway: Pick<Gateway, "fetch">;
  /** Closes the gateway and its sources. */
  close(): Promise<void>;
}
