/** How subscriptions are kept open, and how many there may be. */
export interface SubscriptionSettings {
  /**
   * How often an open connection says that it is there, in milliseconds: proxies close one that is silent for a minute.
   * A WebSocket whose client answers none of it until the next one is cut off. Default 12,000.
   */
  readonly heartbeatMs: number;
  /** How long a WebSocket may take to say what it wants (`connection_init`), in milliseconds. Default 3,000. */
  readonly initTimeoutMs: number;
  /** WebSockets and event streams open at once, together; more are refused with `OVERLOADED`. Default 1,000. */
  readonly maxConnections: number;
  /**
   * The same per client, identified by its address (of IPv6 by its first 64 bits). Behind a proxy that is not declared
   * as trusted, all have the proxy's. Default 500.
   */
  readonly maxConnectionsPerClient: number;
  /** Operations that run at once on one WebSocket; more are refused with `LIMIT_EXCEEDED`. Default 100. */
  readonly maxOperationsPerSocket: number;
}

export const defaultSubscriptionSettings: SubscriptionSettings = {
  heartbeatMs: 12_000,
  initTimeoutMs: 3_000,
  maxConnections: 1_000,
  maxConnectionsPerClient: 500,
  maxOperationsPerSocket: 100,
};
