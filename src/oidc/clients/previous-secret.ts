/**
 * A changed client secret whose predecessor stays valid for a time, so that the instances of an application can be given the
 * new one one after another. The record of the client holds both, sealed, so every instance of Sild accepts both.
 */
import { timingSafeEqual } from 'node:crypto';
import type Provider from 'oidc-provider';
import { z } from 'zod';

/** Sild's own members of a stored client. They are never given, and never shown. */
export const previousSecretMembers = {
  previous_client_secret: z.string().optional(),
  /** Seconds since the epoch. */
  previous_client_secret_expires_at: z.int().optional(),
};

const previousSecret = z.object(previousSecretMembers);

/** @param now milliseconds since the epoch */
export function acceptPreviousSecrets(provider: Provider, now: () => number): void {
  const { prototype } = provider.Client;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the client below
  const { compareClientSecret } = prototype;
  prototype.compareClientSecret = async function (actual) {
    if (await compareClientSecret.call(this, actual)) return true;
    const { previous_client_secret: previous, previous_client_secret_expires_at: end = 0 } =
      previousSecret.parse(this);
    return previous !== undefined && now() < end * 1000 && isEqual(previous, actual);
  };
}

/** The members of a stored client that `acceptPreviousSecrets` reads. */
export function previousSecretOf(payload: Readonly<Record<string, unknown>>): z.infer<typeof previousSecret> {
  return previousSecret.parse(payload);
}

function isEqual(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
