/** CLIENTS_FILE: applied before the first request, and again at every SIGHUP. */
import type { Config } from '../config/config.ts';
import { createClientFetch } from '../oidc/clients/client-fetch.ts';
import { validateFor } from '../oidc/clients/client-validation.ts';
import type { OperatorSettings } from '../oidc/login-settings/login-settings.ts';
import { type AppliedClients, applyClientsFile } from '../oidc/clients-file/clients-file.ts';
import { ClientsFileError } from '../oidc/clients-file/clients-file-error.ts';
import type { Environment } from '../config/environment.ts';
import { createOutageRetry } from '../login/outage-retry.ts';
import { isOutage } from '../store/errors.ts';
import { withRepeatedRecords } from './commands/repeated-writes.ts';
import type { Foundation, OnStop } from './foundation.ts';
import { RELOAD_PATIENCE_MS } from './stop-signals.ts';

/**
 * Does nothing without CLIENTS_FILE. A change that the database may have made without an answer is repeated, so that the audit has it.
 *
 * @param environment the values of `${NAME}` in the file
 * @throws {ClientsFileError} at the start. Later, a file with a problem is logged and changes nothing.
 */
export async function keepClientsOfFile(
  { clientsFile: path, clientFetchHosts }: Pick<Config, 'clientsFile' | 'clientFetchHosts'>,
  {
    operator,
    store,
    audit,
    log,
  }: Pick<Foundation, 'store' | 'audit' | 'log'> & { readonly operator: OperatorSettings },
  environment: Environment,
  onStop: OnStop,
): Promise<void> {
  if (path === undefined) return;
  const validate = validateFor(operator, createClientFetch({ allowedHosts: clientFetchHosts }));
  let isStopping = false;
  let isTold = false;
  const isAway = (error: unknown) => {
    if (!isOutage(error) || isStopping) return false;
    if (!isTold)
      log.warn(
        { event: 'clients_delayed', err: error },
        'CLIENTS_FILE is applied as soon as the database can be used',
      );
    isTold = true;
    return true;
  };
  const records = withRepeatedRecords(store.records, isAway);
  const throughOutage = createOutageRetry(isAway, RELOAD_PATIENCE_MS);
  const apply = async () => {
    const applied = await applyClientsFile({
      path,
      environment,
      records,
      audit,
      validate,
    });
    log.info({ event: 'clients_applied', ...countsOf(applied) }, 'the clients are those of CLIENTS_FILE');
  };
  const first = apply();
  let last = first;
  const reload = () => {
    // One after another: of two signals, the second one's file is the newer.
    last = last
      .then(() => {
        isTold = false;
        return throughOutage(apply);
      })
      .catch((error: unknown) => {
        if (error instanceof ClientsFileError) {
          const { problems } = error;
          log.error(
            { event: 'clients_not_applied', problems },
            'CLIENTS_FILE was not applied: all clients are as before',
          );
        } else {
          log.error(
            { event: 'clients_not_applied', err: error },
            'CLIENTS_FILE was not applied as a whole: send SIGHUP again',
          );
        }
      });
  };
  // From the beginning: the file may change after it was read the first time.
  process.on('SIGHUP', reload);
  try {
    await first;
  } catch (error) {
    process.off('SIGHUP', reload);
    throw error;
  }
  onStop(async () => {
    isStopping = true;
    process.off('SIGHUP', reload);
    await last;
  });
}

function countsOf({ changes, unchanged }: AppliedClients) {
  const count = (kind: AppliedClients['changes'][number]['kind']) =>
    changes.filter((change) => change.kind === kind).length;
  return {
    added: count('added'),
    changed: count('changed'),
    adopted: count('adopted'),
    removed: count('removed'),
    unchanged,
  };
}
