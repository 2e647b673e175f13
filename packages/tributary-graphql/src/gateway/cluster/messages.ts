import type { ClusterState } from "../http/health.ts";
import type { Figures } from "../telemetry/metrics/figures.ts";

/** The environment variable with the number of a worker's slot, counted from 1. */
export const workerNumberVariable = "GATEWAY_WORKER";

/** A command of the primary to a worker. The worker replies once to each. */
export type Command =
  | { readonly name: "listen"; readonly port: number }
  | { readonly name: "open"; readonly shared: unknown }
  /** With `takesFigures` the reply has the last figures: they were read before, so that a sum must not fall. */
  | { readonly name: "retire"; readonly takesFigures: boolean }
  | { readonly name: "close" | "ping" | "figures" };

export interface CommandMessage {
  /** The reply repeats it. */
  readonly number: number;
  readonly command: Command;
}

/**
 * A message without a reply: the cluster's state, the permission to exit, what clients were charged by another worker, or the
 * metrics of all workers.
 */
export type NoticeMessage =
  | { readonly state: ClusterState }
  | { readonly exit: true }
  | ChargesMessage
  | ClusterMetricsMessage;

/** A worker asks for the metrics of all workers. */
export interface ClusterMetricsRequest {
  readonly wants: "metrics";
  /** The answer repeats it. */
  readonly number: number;
}

/** The metrics of all workers in Prometheus' text format. */
export interface ClusterMetricsMessage {
  readonly metrics: string;
  readonly number: number;
}

/** Costs that the clients of a worker were charged, by the keys of their buckets. The primary passes them on to all others. */
export interface ChargesMessage {
  readonly charges: Charges;
}

export type Charges = readonly (readonly [key: string, cost: number])[];

export interface ListeningAddress {
  readonly url: string;
  readonly port: number;
}

export interface ReplyMessage {
  /** The number of the command. */
  readonly answers: number;
  /** One line that says why the command failed. */
  readonly failure?: string;
  /** After `listen`. */
  readonly address?: ListeningAddress;
  /** After `ping`: whether the worker's inspector is open. A debugger may pause it for any time. */
  readonly isDebugged?: boolean;
  /** After `figures`, and after `retire` with `takesFigures`. */
  readonly figures?: readonly Figures[];
}

/** A worker that received SIGTERM asks to be replaced before it exits. */
export interface ReplacementRequest {
  readonly wants: "replacement";
}

/** Other libraries use the same channel, so a key identifies each kind of message. */
const hasKey = (message: unknown, key: string): boolean =>
  typeof message === "object" && message !== null && key in message;

export const isReply = (message: unknown): message is ReplyMessage => hasKey(message, "answers");
export const isReplacementRequest = (message: unknown): message is ReplacementRequest =>
  hasKey(message, "wants") && (message as ReplacementRequest | ClusterMetricsRequest).wants === "replacement";
export const isClusterMetricsRequest = (message: unknown): message is ClusterMetricsRequest =>
  hasKey(message, "wants") && (message as ReplacementRequest | ClusterMetricsRequest).wants === "metrics";
export const isCommand = (message: unknown): message is CommandMessage => hasKey(message, "command");
export const isNotice = (message: unknown): message is NoticeMessage =>
  hasKey(message, "state") || hasKey(message, "exit") || isCharges(message) || hasKey(message, "metrics");
export const isCharges = (message: unknown): message is ChargesMessage => hasKey(message, "charges");
