import type { ClusterState } from "../http/health.ts";

/** Names the slot of a worker, from 1 on, in its environment. */
export const workerNumberVariable = "GATEWAY_WORKER";

/** The commands of the primary to a worker. Each is answered once, with its number. */
export type Command =
  | { readonly name: "listen"; readonly port: number }
  | { readonly name: "open"; readonly shared: unknown }
  | { readonly name: "retire" | "close" | "ping" };

export interface CommandMessage {
  readonly number: number;
  readonly command: Command;
}

/** Messages without an answer: the cluster's state, or that this worker may end. */
export type NoticeMessage = { readonly state: ClusterState } | { readonly exit: true };

export interface ListeningAddress {
  readonly url: string;
  readonly port: number;
}

export interface ReplyMessage {
  readonly answers: number;
  /** One line that says why the command could not be carried out. */
  readonly failure?: string;
  /** After `listen`. */
  readonly address?: ListeningAddress;
  /** After `ping`: whether its inspector is open, with which a debugger may hold it for as long as it likes. */
  readonly isDebugged?: boolean;
}

/** A worker that was sent SIGTERM asks to be replaced before it goes. */
export interface ReplacementRequest {
  readonly wants: "replacement";
}

/** Messages of others share the channel, so each is told by a key. */
const hasKey = (message: unknown, key: string): boolean =>
  typeof message === "object" && message !== null && key in message;

export const isReply = (message: unknown): message is ReplyMessage => hasKey(message, "answers");
export const isReplacementRequest = (message: unknown): message is ReplacementRequest => hasKey(message, "wants");
export const isCommand = (message: unknown): message is CommandMessage => hasKey(message, "command");
export const isNotice = (message: unknown): message is NoticeMessage =>
  hasKey(message, "state") || hasKey(message, "exit");
