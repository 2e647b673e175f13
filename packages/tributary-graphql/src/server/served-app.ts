import type { Logger } from "pino";
import type { Gateway } from "../gateway/gateway.ts";
import type { GatewayOptions } from "../gateway/gateway-options.ts";
import type { GatewaySettings } from "./gateway-settings.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";

/** A gateway with what it needs. */
export interface ServedApp {
  readonly gateway: Gateway;
  /**
   * Opens what requests need, once the port is taken. Requests that come before it has fulfilled get 503.
   * Rejects with one line that says what could not be had: that line stops the start.
   */
  open?(): Promise<void>;
  /** Lets go of what was opened, also while it is being opened; the gateway has answered all requests by then. */
  close?(): Promise<void>;
}

/** The inputs of an app. */
export interface AppStart<Config extends EngineConfig, Shared = undefined> {
  readonly config: Config;
  /** In a worker its lines carry the worker's number. */
  readonly logger: Logger;
  /** To be spread into the options of `createGateway`: what the settings say, the logger, and that it is not ready yet. */
  readonly gateway: GatewaySettings & Pick<GatewayOptions, "clusterState"> & { logger: Logger; startsReady: false };
  /** The resources that all processes share. Pending until `open` is called, so await it there. */
  readonly shared: Promise<Shared>;
}

/** Resources that exist once for all processes of a port: services that are started beside, a migration. */
export interface SharedParts<Shared> {
  /** Called once, when the port is taken. The result reaches the workers as JSON. Rejects with one line. */
  open(): Promise<Shared>;
  /** Called once, when all processes have closed, or when the start has failed. */
  close?(): Promise<void>;
}

/** The functions for the main process, which serves alone or is the primary of several. */
export interface SharedStart<Config extends EngineConfig> {
  readonly config: Config;
  readonly logger: Logger;
}
