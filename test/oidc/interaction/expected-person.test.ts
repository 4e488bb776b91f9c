import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UnsecuredJWT } from 'jose';
import { expectedPersonOf } from '../../../src/oidc/interaction/expected-person.ts';

const [MARI, JAAN, LIIS] = ['PNOEE-40504040001', 'PNOEE-50001029996', 'PNOLV-030303-10012'] as const;
const PUBLIC = { subjectType: 'public' } as const;
const claims = JSON.stringify({ id_token: { sub: { value: LIIS } } });
const idToken = (sub: string) => new UnsecuredJWT({ sub }).encode();

describe('the expected person', () => {
  it('is that of the login_hint, else of the id_token_hint, else of the claims parameter', () => {
    const hints = { login_hint: MARI, id_token_hint: idToken(JAAN), claims };
    assert.equal(expectedPersonOf(hints, PUBLIC), MARI);
    assert.equal(expectedPersonOf({ ...hints, login_hint: 'mari@example.ee' }, PUBLIC), JAAN);
    assert.equal(expectedPersonOf({ claims }, PUBLIC), LIIS);
    assert.equal(expectedPersonOf({ claims, id_token_hint: idToken('a pairwise subject') }, PUBLIC), LIIS);
  });

  it('is unknown without a hint, and with a pairwise subject', () => {
    assert.equal(expectedPersonOf({}, PUBLIC), undefined);
    const hints = { id_token_hint: idToken(JAAN), claims };
    assert.equal(expectedPersonOf(hints, { subjectType: 'pairwise' }), undefined);
    assert.equal(expectedPersonOf({ ...hints, login_hint: MARI }, { subjectType: 'pairwise' }), MARI);
  });
});
