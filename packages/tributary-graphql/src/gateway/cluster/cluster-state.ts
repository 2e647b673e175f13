import type { ClusterState } from "../http/health.ts";
import type { LifecycleState } from "../http/lifecycle.ts";

/**
 * The state of the cluster. After the start it is ready while at least half of the workers serve: a lost worker is
 * replaced within seconds, and a load balancer that removes the machine for that overloads the other machines.
 */
export function clusterStateOf(state: LifecycleState, serving: number, workers: number): ClusterState {
  const isTooFew = state === "ready" && serving < workers / 2;
  return { state, failed: isTooFew ? { workers: `${serving} of ${workers} are ready` } : {} };
}
