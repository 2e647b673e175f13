import type { CoalescingCounts } from "../../coalescing/coalescer.ts";
import type { ExecutionCounts } from "../../execution/breadth-first/execute.ts";
import type { Transport } from "../../request/graphql-request.ts";
import { counter, type Figures, gauge } from "./figures.ts";

/** A request that has not ended. */
interface RunningRequest {
  readonly transport: Transport;
  readonly report: { readonly isStream: boolean };
}

export interface GatewayState {
  readonly running: Iterable<RunningRequest>;
  readonly webSockets: { readonly open: number; readonly refused: ReadonlyMap<string, number> };
  readonly executions: ExecutionCounts;
  readonly coalescing: CoalescingCounts;
}

/** The figures of counts that the parts of a gateway keep themselves. */
export function stateFigures({ running, webSockets, executions, coalescing }: GatewayState): Figures[] {
  const requests = { http: 0, websocket: 0 };
  const streams = { http: 0, websocket: 0 };
  for (const { transport, report } of running) {
    requests[transport]++;
    if (report.isStream) streams[transport]++;
  }
  const fallbacks = Object.entries(executions.fallback);
  return [
    gauge("tributary_running_requests", "Requests that have not ended, streams included.", byTransport(requests)),
    gauge("tributary_open_streams", "Streamed responses and subscriptions that are open.", byTransport(streams)),
    gauge("tributary_open_websockets", "WebSockets that are open.", [{ labels: {}, value: webSockets.open }]),
    counter(
      "tributary_refused_websockets_total",
      "WebSockets that were refused, by code.",
      Array.from(webSockets.refused, ([code, value]) => ({ labels: { code }, value })),
    ),
    counter("tributary_planned_executions_total", "Operations that were executed by their plans.", [
      { labels: {}, value: executions.planned },
    ]),
    counter(
      "tributary_fallback_executions_total",
      "Operations that graphql-js executed, by reason.",
      fallbacks.map(([reason, value]) => ({ labels: { reason }, value })),
    ),
    counter("tributary_shared_executions_total", "Executions that identical queries could wait for.", [
      { labels: {}, value: coalescing.executed },
    ]),
    counter("tributary_coalesced_requests_total", "Queries that waited for an identical one.", [
      { labels: {}, value: coalescing.coalesced },
    ]),
  ];
}

const byTransport = (counts: Readonly<Record<Transport, number>>) =>
  Object.entries(counts).map(([transport, value]) => ({ labels: { transport }, value }));
