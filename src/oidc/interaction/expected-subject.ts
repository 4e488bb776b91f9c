import type { Client } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { requestedSubjects } from '../claims/requested-claims.ts';
import { subjectFor } from '../provider/accounts.ts';
import { personOfLoginHint } from './expected-person.ts';

/**
 * Whether a person is the one whom an authorization request names: by `login_hint`, `id_token_hint`, or the `sub` of the `claims`
 * parameter. (OpenID Connect Core 3.1.2.1, 5.5.1)
 *
 * @param identifier the person's semantics identifier
 */
export type ExpectedSubject = (
  params: Readonly<Record<string, unknown>>,
  client: Client,
  identifier: string,
) => Promise<boolean>;

/** @param provider is called for each request, because its keys change */
export function createExpectedSubject(provider: () => Provider, pairwiseKey: Buffer): ExpectedSubject {
  return async (params, client, identifier) => {
    const hinted = personOfLoginHint(params.login_hint);
    if (hinted !== undefined && hinted !== identifier) return false;
    const subject = subjectFor(client, identifier, pairwiseKey);
    if (requestedSubjects(params.claims)?.includes(subject) === false) return false;
    const tokenHint = params.id_token_hint;
    return typeof tokenHint !== 'string' || (await subjectOfHint(tokenHint, client)) === subject;
  };

  /** The hint was verified with the request. It is verified again, because its key may have been removed since then. */
  async function subjectOfHint(hint: string, client: Client): Promise<unknown> {
    try {
      return (await provider().IdToken.validate(hint, client)).payload.sub;
    } catch {
      return undefined;
    }
  }
}
