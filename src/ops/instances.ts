import { type InstanceState, type SeenInstance, stateOf } from './instance-store.ts';

export interface ShownInstance extends SeenInstance {
  readonly state: InstanceState;
  readonly unseenSeconds: number;
  /** The problems of the instance; empty if it has none, or does not run. */
  readonly troubles: readonly string[];
}

/** From this delay of its event loop on an instance answers noticeably late, in milliseconds. */
const SLOW_MS = 250;

export function instancesOf(seen: readonly SeenInstance[]): readonly ShownInstance[] {
  return seen.map((instance) => {
    const state = stateOf(instance);
    return {
      ...instance,
      state,
      unseenSeconds: Math.max(0, Math.round(instance.unseenMs / 1000)),
      troubles: state === 'running' ? troublesOf(instance) : [],
    };
  });
}

function troublesOf({ gauges }: SeenInstance): readonly string[] {
  if (!gauges) return ['its figures are of another release'];
  const { circuit, pool, eventLoopLagMs, lostEvents } = gauges;
  return [
    ...(circuit === 'closed' ? [] : [`circuit to Smart-ID ${circuit.replace('_', ' ')}`]),
    ...((pool?.waiting ?? 0) > 0 ? [`${pool?.waiting ?? 0} statements wait for the database`] : []),
    ...(eventLoopLagMs > SLOW_MS ? [`event loop ${eventLoopLagMs} ms late`] : []),
    ...(lostEvents > 0 ? [`${lostEvents} events lost`] : []),
  ];
}

/** Logins that wait for a person now, on the instances that run. Undefined: no instance is known to run. */
export function waitingNow(instances: readonly ShownInstance[]): number | undefined {
  const known = instances.filter(({ state, gauges }) => state === 'running' && gauges !== undefined);
  return known.length === 0
    ? undefined
    : known.reduce((sum, { gauges }) => sum + (gauges?.waitingLogins ?? 0), 0);
}
