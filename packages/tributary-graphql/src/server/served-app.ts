import type { Logger } from "pino";
import type { Gateway } from "../gateway/gateway.ts";
import type { GatewayOptions } from "../gateway/gateway-options.ts";
import type { GatewaySettings } from "./gateway-settings.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";

/** An app: its gateway, and the resources that its requests need. */
export interface ServedApp {
  readonly gateway: Gateway;
  /**
   * Opens the resources, after the gateway has begun to listen. Requests get 503 until it fulfils.
   * A rejection stops the start; its message has to be one line that says what failed.
   */
  open?(): Promise<void>;
  /** Closes the resources, also while `open` is pending. The gateway has answered all requests by then. */
  close?(): Promise<void>;
}

/** The argument of `createApp`. */
export interface AppStart<Config extends EngineConfig, Shared = undefined> {
  readonly config: Config;
  /** In a worker its lines have the field `worker`, the number of the worker. */
  readonly logger: Logger;
  /** Spread it into the options of `createGateway`: options from the settings, the logger, and `startsReady: false`. */
  readonly gateway: GatewaySettings & Pick<GatewayOptions, "clusterState"> & { logger: Logger; startsReady: false };
  /** The result of `SharedParts.open`. Pending until `ServedApp.open` is called, so await it there. */
  readonly shared: Promise<Shared>;
}

/** Resources that exist once for all processes, such as a migrated database or a child process. */
export interface SharedParts<Shared> {
  /** Called once, after the port is bound. Workers get the result as JSON. A rejection's message has to be one line. */
  open(): Promise<Shared>;
  /** Called once, after all processes have closed or the start has failed. */
  close?(): Promise<void>;
}

/** The argument of `createShared`. */
export interface SharedStart<Config extends EngineConfig> {
  readonly config: Config;
  readonly logger: Logger;
}
