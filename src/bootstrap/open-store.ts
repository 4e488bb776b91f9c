import type { Config } from '../config/config.ts';
import { embeddedSecretKey } from '../secrets/embedded-secret-key.ts';
import { createSecrets, type Secrets } from '../secrets/secrets.ts';
import { openStore, type Store, type StoreOptions } from '../store/store.ts';
import { makeDataDirectory } from './data-directory.ts';

/**
 * Opens the configured database, and the secrets with which its records are sealed. Makes DATA_DIR if either is kept there.
 *
 * @throws {StartError}, {SecretKeyError} or {StoreError}
 */
export async function openConfiguredStore(
  { databaseUrl, databasePooler, dataDir, secretKeys }: Config,
  options: Pick<StoreOptions, 'now' | 'log' | 'observe'>,
): Promise<{ readonly secrets: Secrets; readonly store: Store }> {
  if (databaseUrl === undefined || secretKeys === undefined) await makeDataDirectory(dataDir);
  const secrets = createSecrets(...(secretKeys ?? (await embeddedSecretKey(dataDir))));
  return { secrets, store: await openStore({ databaseUrl, databasePooler, dataDir, secrets, ...options }) };
}
