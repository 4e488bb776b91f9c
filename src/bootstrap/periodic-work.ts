/** What an instance does now and then while it runs. */
import type { Config } from '../config/config.ts';
import { KEY_POLL_SECONDS } from '../oidc/keys/key-schedule.ts';
import { TAKE_OVER_SECONDS } from '../oidc/ciba/pings.ts';
import type { OpenIdProvider } from '../oidc/openid-provider.ts';
import type { Foundation, OnStop } from './foundation.ts';

/** Expired rows are removed this often. */
const CLEANUP_MS = 60_000;

export function startPeriodicTasks(
  { auditDays }: Config,
  { store, log }: Foundation,
  openId: OpenIdProvider,
  onStop: OnStop,
): void {
  onStop(
    repeat(CLEANUP_MS, async () => {
      await store.removeExpired({ auditDays }).catch((error: unknown) => {
        log.error({ event: 'cleanup_failed', err: error }, 'expired rows could not be removed');
      });
    }),
  );
  onStop(
    repeat(TAKE_OVER_SECONDS * 1000, async () => {
      await openId.takeOver().catch((error: unknown) => {
        log.error(
          { event: 'not_taken_over', err: error },
          'logins of stopped instances could not be continued',
        );
      });
    }),
  );
  onStop(
    repeat(KEY_POLL_SECONDS * 1000, async () => {
      await openId.keepKeys().catch((error: unknown) => {
        log.error({ event: 'keys_not_kept', err: error }, 'the signing keys could not be updated');
      });
    }),
  );
}

/**
 * Runs `act` periodically. A turn is skipped while the previous one still runs.
 *
 * @param act handles its own errors
 * @returns stops, and resolves when a turn that is running has ended
 */
export function repeat(everyMs: number, act: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= act().finally(() => {
      running = undefined;
    });
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
