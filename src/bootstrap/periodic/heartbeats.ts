/** What each instance says of itself in the database, for the operator's page of any of them. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import packageJson from '../../../package.json' with { type: 'json' };
import { HEARTBEAT_MS, type InstanceGauges } from '../../ops/instance-store.ts';
import type { OnStop, OpenedFoundation } from '../foundation.ts';
import { repeat } from './repeat.ts';

/** Beats now, every 15 seconds, and when the instance stops. A heartbeat that fails is only logged: it must stop nothing. */
export async function startHeartbeats(foundation: OpenedFoundation, onStop: OnStop): Promise<void> {
  const { store, log, now, instance } = foundation;
  const startedAt = now();
  const delays = monitorEventLoopDelay();
  delays.enable();
  const beat = async (stopped: boolean) => {
    const gauges = gaugesOf(foundation, delays.percentile(99));
    delays.reset();
    const heartbeat = { id: instance, version: packageJson.version, startedAt, stopped, gauges };
    await store.instances.beat(heartbeat).catch((error: unknown) => {
      log.error({ event: 'heartbeat_failed', err: error }, 'the heartbeat could not be stored');
    });
  };
  await beat(false);
  const stop = repeat(HEARTBEAT_MS, () => beat(false));
  onStop(async () => {
    await stop();
    delays.disable();
    await beat(true);
  });
}

function gaugesOf({ metrics, audit }: OpenedFoundation, lagNanoseconds: number): InstanceGauges {
  const { waitingLogins, circuit, pool, smartIdTlsExpires } = metrics.current();
  const { queued, lost } = audit.backlog();
  return {
    waitingLogins,
    circuit,
    ...(pool && { pool }),
    // Without a measurement the histogram has no number.
    eventLoopLagMs: Number.isFinite(lagNanoseconds) ? Math.round(lagNanoseconds / 1e5) / 10 : 0,
    queuedEvents: queued,
    lostEvents: lost,
    ...(smartIdTlsExpires && { smartIdTlsExpires: smartIdTlsExpires.getTime() }),
  };
}
