import type { ClusterState } from "../http/health.ts";
import type { LifecycleState } from "../http/lifecycle.ts";

/**
 * How all workers are together. Once all have been ready, half of them are enough: one that was lost is back within
 * seconds, and a load balancer that takes its machine away meanwhile sends the others more of what may have ended it.
 */
export function clusterStateOf(state: LifecycleState, serving: number, workers: number): ClusterState {
  const isTooFew = state === "ready" && serving < workers / 2;
  return { state, failed: isTooFew ? { workers: `${serving} of ${workers} are ready` } : {} };
}
