import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { createFindAccount } from '../../../src/oidc/provider/accounts.ts';
import { LOGIN_RESULT } from '../../store/suite/samples.ts';

const PERSON = LOGIN_RESULT.person.semanticsIdentifier;
const GRANT = 'a-grant';

/** The context of a request without a token, which resumes a login with this grant. */
function resuming(grantId: string | undefined): KoaContextWithOIDC {
  const result = grantId === undefined ? {} : { consent: { grantId } };
  return { oidc: { client: { clientId: 'client' }, result } } as unknown as KoaContextWithOIDC;
}

describe('the account of a token', () => {
  const find = createFindAccount(
    {
      find: (grantId) => Promise.resolve(grantId === GRANT ? LOGIN_RESULT : undefined),
      put: () => Promise.reject(new Error('nothing is stored')),
      removeExpired: () => Promise.reject(new Error('nothing is removed')),
    } as Parameters<typeof createFindAccount>[0],
    { receiptOf: () => Promise.reject(new Error('there is no receipt')) },
    (_client, accountId) => accountId,
  );

  it('is the person of the login for which the grant was created', async () => {
    const account = await find(resuming(GRANT), PERSON);
    assert.equal(account?.accountId, PERSON);
  });

  it('does not exist for another subject than the person of the grant', async () => {
    assert.equal(await find(resuming(GRANT), 'PNOEE-50001029996'), undefined);
    assert.equal(await find(resuming(GRANT), PERSON.toLowerCase()), undefined);
  });

  it('does not exist without a grant, or with an unknown one', async () => {
    assert.equal(await find(resuming(undefined), PERSON), undefined);
    assert.equal(await find(resuming('another-grant'), PERSON), undefined);
  });
});
