/** What an instance does now and then while it runs. */
import type { Config } from '../../config/config.ts';
import { KEY_POLL_SECONDS } from '../../oidc/keys/key-schedule.ts';
import { TAKE_OVER_SECONDS } from '../../oidc/ciba/pings.ts';
import type { OpenIdProvider } from '../../oidc/openid-provider.ts';
import { startCleanUp } from './clean-up.ts';
import type { OnStop, OpenedFoundation } from '../foundation.ts';
import { repeat } from './repeat.ts';

export function startPeriodicTasks(
  config: Config,
  foundation: OpenedFoundation,
  openId: OpenIdProvider,
  onStop: OnStop,
): void {
  const { log } = foundation;
  onStop(startCleanUp(config, foundation));
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
