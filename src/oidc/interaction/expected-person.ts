/**
 * The one person whom a client expects. (OpenID Connect Core 3.1.2.1, `login_hint` and `id_token_hint`; 5.5.1, the `sub` of the
 * `claims` parameter)
 *
 * A `login_hint` counts if it is a semantics identifier, in any letter case and with white space around it: some clients
 * send a user name in lower case. The personal codes of the login form may be written as people type them. A hint of another
 * kind, such as an e-mail address, is ignored.
 */
import { decodeJwt } from 'jose';
import type { Client } from 'oidc-provider';
import { requestedSubjects } from '../claims/requested-claims.ts';
import { claimsProfileOf } from '../claims-profiles/profiles.ts';
import { isCountry, validatePersonalCode } from '../../identity/countries/rules.ts';
import { isSemanticsIdentifier } from '../../identity/semantics-identifier.ts';

/** What an authorization request tells about the person; unverified. */
export interface PersonHints {
  readonly login_hint?: unknown;
  readonly id_token_hint?: unknown;
  readonly claims?: unknown;
}

/**
 * The semantics identifier of the expected person, as far as it is known before the login; `undefined` where anybody may
 * log in, and where a pairwise `sub` names the person.
 */
export function expectedPersonOf(
  hints: PersonHints,
  client: Pick<Client, 'clientId' | 'subjectType'>,
): string | undefined {
  const hinted = personOfLoginHint(hints.login_hint);
  if (hinted !== undefined || client.subjectType === 'pairwise') return hinted;
  const profile = claimsProfileOf(client);
  const [requested, ...others] = requestedSubjects(hints.claims) ?? [];
  const only = others.length === 0 ? requested : undefined;
  return (
    profile.identifierOf(subjectOfIdToken(hints.id_token_hint) ?? '') ?? profile.identifierOf(only ?? '')
  );
}

export function personOfLoginHint(hint: unknown): string | undefined {
  const text = typeof hint === 'string' ? hint.trim().toUpperCase() : '';
  const identifier = identifierOfTypedCode(text) ?? text;
  return isSemanticsIdentifier(identifier) ? identifier : undefined;
}

/** `PNOLV-03030310012` names the person of `PNOLV-030303-10012`. */
function identifierOfTypedCode(text: string): string | undefined {
  const [, country = '', typed = ''] = /^PNO([A-Z]{2})-(.+)$/s.exec(text) ?? [];
  if (!isCountry(country)) return undefined;
  const checked = validatePersonalCode(country, typed, { checkDigit: false });
  return checked.ok ? checked.identifier : undefined;
}

/** The request has verified the token, and the completion of the login verifies it again. */
function subjectOfIdToken(hint: unknown): string | undefined {
  if (typeof hint !== 'string') return undefined;
  try {
    return decodeJwt(hint).sub;
  } catch {
    return undefined;
  }
}
