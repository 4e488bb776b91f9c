import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Client } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { createExpectedSubject } from '../../../src/oidc/interaction/expected-subject.ts';
import { subjectFor } from '../../../src/oidc/provider/accounts.ts';

const [MARI, JAAN] = ['PNOEE-40504040001', 'PNOEE-50001029996'] as const;
const KEY = Buffer.alloc(32, 7);
const PUBLIC = { clientId: 'client', subjectType: 'public' } as unknown as Client;
const PAIRWISE = {
  clientId: 'client',
  subjectType: 'pairwise',
  sectorIdentifier: 'client.example',
} as unknown as Client;
const TARA = { clientId: 'client', claims_profile: 'tara' } as unknown as Client;

/** ID tokens are `valid SUB` here; all others are refused, as with a key that is gone. */
const provider = {
  IdToken: {
    validate(token: string) {
      const [, sub] = /^valid (.*)$/.exec(token) ?? [];
      return sub === undefined ? Promise.reject(new Error('invalid')) : Promise.resolve({ payload: { sub } });
    },
  },
} as unknown as Provider;

const isAsked = createExpectedSubject(() => provider, KEY);
const claimsOf = (sub: object) => JSON.stringify({ id_token: { sub } });

describe('the person whom a request names', () => {
  for (const [kind, client] of Object.entries({ public: PUBLIC, pairwise: PAIRWISE, tara: TARA })) {
    const [mari, jaan] = [MARI, JAAN].map((person) => subjectFor(client, person, KEY)) as [string, string];

    it(`is the only one who gets the login, by each hint and by all of them: ${kind}`, async () => {
      for (const [params, isMari, isJaan] of [
        [{}, true, true],
        [{ login_hint: 'mari@example.ee' }, true, true],
        [{ login_hint: MARI }, true, false],
        [{ id_token_hint: `valid ${mari}` }, true, false],
        [{ claims: claimsOf({ value: mari }) }, true, false],
        [{ claims: claimsOf({ values: [mari, jaan] }) }, true, true],
        [{ claims: claimsOf({ value: 'nobody' }) }, false, false],
        [{ login_hint: MARI, claims: claimsOf({ value: jaan }) }, false, false],
        [{ login_hint: MARI, id_token_hint: `valid ${jaan}` }, false, false],
        [{ id_token_hint: `valid ${mari}`, claims: claimsOf({ value: jaan }) }, false, false],
      ] as const) {
        assert.deepEqual(
          [await isAsked(params, client, MARI), await isAsked(params, client, JAAN)],
          [isMari, isJaan],
          JSON.stringify(params),
        );
      }
    });
  }

  it('is nobody where the hint is no valid ID token any more, since its key was removed', async () => {
    for (const person of [MARI, JAAN])
      assert.equal(await isAsked({ id_token_hint: `invalid ${MARI}` }, PUBLIC, person), false);
  });

  it('is not that of another client’s pairwise subject', async () => {
    const other = { clientId: 'other', subjectType: 'pairwise', sectorIdentifier: 'other.example' };
    const hint = `valid ${subjectFor(other as unknown as Client, MARI, KEY)}`;
    assert.equal(await isAsked({ id_token_hint: hint }, PAIRWISE, MARI), false);
  });
});
