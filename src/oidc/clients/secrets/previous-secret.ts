/**
 * A changed client secret whose predecessor stays valid for a time, so that the instances of an application can be given the
 * new one one after another. The record of the client holds both, sealed, so every instance of Sild accepts both.
 */
import type Provider from 'oidc-provider';
import { z } from 'zod';
import { equalInConstantTime } from '../../../constant-time.ts';
import { overrideMethod } from '../../override-method.ts';
import { isHashedSecret, matchesHash } from './secret-hash.ts';

/** Sild's own members of a stored client. They are never given, and never shown. */
export const previousSecretMembers = {
  previous_client_secret: z.string().optional(),
  /** Seconds since the epoch. */
  previous_client_secret_expires_at: z.int().optional(),
};

const previousSecret = z.object(previousSecretMembers);

/** Also compares with secrets of which only the hash is stored. @param now milliseconds since the epoch */
export function acceptPreviousSecrets(provider: Provider, now: () => number): void {
  overrideMethod(provider.Client.prototype, 'compareClientSecret', async (client, isCurrent, secret) => {
    const { clientSecret = '' } = client;
    if (isHashedSecret(clientSecret)) return matchesHash(clientSecret, secret);
    if (await isCurrent(secret)) return true;
    const { previous_client_secret: previous, previous_client_secret_expires_at: end = 0 } =
      previousSecret.parse(client);
    return previous !== undefined && now() < end * 1000 && equalInConstantTime(previous, secret);
  });
}

/** The members of a stored client that `acceptPreviousSecrets` reads. */
export function previousSecretOf(payload: Readonly<Record<string, unknown>>): z.infer<typeof previousSecret> {
  return previousSecret.parse(payload);
}
