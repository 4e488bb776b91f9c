/** The metrics of one process, and those of several added up. */
import { AggregatorRegistry, type Registry } from 'prom-client';

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** The metrics of one process; survives JSON. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** What stays of the metrics of a process that has ended: what it has counted, so that no counter goes back. */
export function countedOf(snapshot: MetricsSnapshot): MetricsSnapshot {
  // With a number for its type, prom-client's declaration is wrong: it is the name.
  return snapshot.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));
}

/** Adds several processes up as one: counts and sizes are sums, of times until something expires the shortest counts. */
export function addUp(snapshots: readonly MetricsSnapshot[]): Registry {
  return AggregatorRegistry.aggregate([...snapshots]);
}

/** {@link addUp} in the Prometheus text format. */
export async function expositionOf(snapshots: readonly MetricsSnapshot[]): Promise<Exposition> {
  const added = addUp(snapshots);
  return { contentType: added.contentType, text: await added.metrics() };
}
