import { type Logger, pino } from "pino";
import type { GatewayOptions } from "tributary-graphql";
import { CallLog, type OpenCall } from "tributary-graphql";
import type { Feature, PluginKind } from "./settings.ts";

/** Gateway options that turn these features off. */
export function featuresFor(without: readonly Feature[], logger: Logger): Partial<GatewayOptions<object>> {
  return Object.assign({ logger }, ...without.map((feature) => withoutFeature[feature]()));
}

const withoutFeature: Readonly<Record<Feature, () => Partial<GatewayOptions<object>>>> = {
  log: () => ({ logger: pino({ level: "silent" }) }),
  "call-log": () => ({ createCallLog: () => new NoCallLog() }),
  metrics: () => ({ metrics: false }),
  coalescing: () => ({ coalescing: { isOn: false } }),
  "compiled-plans": () => ({ execution: { compileAfter: false } }),
  // An option of the source, see `openGraph`.
  "http-cache": () => ({}),
};

/** Gateway options with plugins that do nothing, to measure the cost of a hook. */
export const pluginsFor = (kinds: readonly PluginKind[]): Partial<GatewayOptions<object>> =>
  kinds.length === 0 ? {} : { plugins: kinds.map((kind) => emptyPlugin[kind]) };

const emptyPlugin: Readonly<Record<PluginKind, NonNullable<GatewayOptions["plugins"]>[number]>> = {
  envelop: { onExecute: () => undefined },
  http: { onRequest: () => undefined },
};

/** A call log that records nothing. */
export class NoCallLog extends CallLog {
  override begin(): OpenCall {
    return noCall;
  }
}

const noCall: OpenCall = { succeed: () => undefined, fail: () => undefined };
