import { collectDefaultMetrics, Registry } from 'prom-client';
import { createEventMetrics } from './event-metrics.ts';
import type { Metrics } from './metrics.ts';
import { createStateMetrics } from './state-metrics.ts';

/** @param now milliseconds since the epoch */
export function createMetrics(now: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    ...createEventMetrics(registry),
    ...createStateMetrics(registry, now),
    snapshot: () => registry.getMetricsAsJSON(),
    async exposition() {
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
