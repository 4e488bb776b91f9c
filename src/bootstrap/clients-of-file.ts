/** CLIENTS_FILE: applied before the first request, and again at every SIGHUP. */
import type { Config } from '../config/config.ts';
import { createClientFetch } from '../oidc/clients/client-fetch.ts';
import { validateFor } from '../oidc/clients/client-validation.ts';
import type { OperatorSettings } from '../oidc/login-settings/login-settings.ts';
import { type AppliedClients, applyClientsFile } from '../oidc/clients-file/clients-file.ts';
import { ClientsFileError } from '../oidc/clients-file/clients-file-error.ts';
import type { Environment } from '../oidc/clients-file/references.ts';
import type { Foundation, OnStop } from './foundation.ts';

/**
 * Does nothing without CLIENTS_FILE.
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
  const apply = async () => {
    const applied = await applyClientsFile({
      path,
      environment,
      records: store.records,
      audit,
      validate,
    });
    log.info({ event: 'clients_applied', ...countsOf(applied) }, 'the clients are those of CLIENTS_FILE');
  };
  const first = apply();
  let last = first;
  const reload = () => {
    // One after another: of two signals, the second one's file is the newer.
    last = last.then(apply).catch((error: unknown) => {
      const problems = error instanceof ClientsFileError ? { problems: error.problems } : { err: error };
      log.error(
        { event: 'clients_not_applied', ...problems },
        'CLIENTS_FILE was not applied: all clients are as before',
      );
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
