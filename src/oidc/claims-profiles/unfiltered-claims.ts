import type Provider from 'oidc-provider';
import { overrideMethod } from '../override-method.ts';

/** Under this member of an account's claims are those that a token gets whatever scopes and claims were requested. */
export const UNFILTERED: unique symbol = Symbol('claims that are not filtered');

interface Claims {
  readonly available: { readonly [UNFILTERED]?: Readonly<Record<string, unknown>> };
  result(): Promise<Record<string, unknown>>;
}

/**
 * Adds claims of the account that oidc-provider would leave out, since it knows claims by scope and by name alone: those of a
 * profile, and `verified_claims`, which may be requested as a list.
 */
export function addUnfilteredClaims(provider: Provider): void {
  const { prototype } = (provider as unknown as { readonly Claims: { readonly prototype: Claims } }).Claims;
  overrideMethod(prototype, 'result', async (claims, result) => ({
    ...(await result()),
    ...claims.available[UNFILTERED],
  }));
}
