import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UnsecuredJWT } from 'jose';
import { expectedPersonOf } from '../../../src/oidc/interaction/expected-person.ts';

const [MARI, JAAN, LIIS] = ['PNOEE-40504040001', 'PNOEE-50001029996', 'PNOLV-030303-10012'] as const;
const PUBLIC = { clientId: 'client', subjectType: 'public' } as const;
const PAIRWISE = { ...PUBLIC, subjectType: 'pairwise' } as const;
const TARA = { ...PUBLIC, claims_profile: 'tara' } as const;
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

  it('is that of the login_hint however its personal code is written', () => {
    for (const [login_hint, expected] of [
      [' pnoee-40504040001\n', MARI],
      ['PNOLV-03030310012', LIIS],
      ['pnolv-030303 10012', LIIS],
      ['PNOLV-030303\u201310012', LIIS],
      ['PNOBE-05.04.04-001.34', 'PNOBE-05040400134'],
      // The codes of other countries, and what has not the layout of a code, are compared as they are.
      ['PNOFI-010101-123A', 'PNOFI-010101-123A'],
      ['PNOLV-0303-0310012', 'PNOLV-0303-0310012'],
      ['PASLV-03030310012', 'PASLV-03030310012'],
      ['PNOXX', undefined],
      ['PNOEE-4050404 0001 or so', undefined],
    ] as const) {
      assert.equal(expectedPersonOf({ login_hint }, PUBLIC), expected, login_hint);
    }
  });

  it('is unknown without a hint, and with a pairwise subject', () => {
    assert.equal(expectedPersonOf({}, PUBLIC), undefined);
    const hints = { id_token_hint: idToken(JAAN), claims };
    assert.equal(expectedPersonOf(hints, PAIRWISE), undefined);
    assert.equal(expectedPersonOf({ ...hints, login_hint: MARI }, PAIRWISE), MARI);
  });

  it('is the one whom the claims parameter names, wherever it does, if it is one alone', () => {
    for (const [requested, expected] of [
      [{ userinfo: { sub: { value: MARI } } }, MARI],
      [{ id_token: { sub: { values: [MARI] } } }, MARI],
      [{ id_token: { sub: { values: [MARI, JAAN] } }, userinfo: { sub: { value: JAAN } } }, JAAN],
      [{ id_token: { sub: { values: [MARI, JAAN] } } }, undefined],
      [{ id_token: { sub: { value: MARI } }, userinfo: { sub: { value: JAAN } } }, undefined],
      [{ id_token: { sub: null }, userinfo: { sub: { essential: true } } }, undefined],
    ] as const) {
      assert.equal(expectedPersonOf({ claims: JSON.stringify(requested) }, PUBLIC), expected);
    }
  });

  it('is known from the subject of the client’s claims profile', () => {
    const requested = JSON.stringify({ id_token: { sub: { value: 'LV030303-10012' } } });
    assert.equal(expectedPersonOf({ id_token_hint: idToken('EE40504040001') }, TARA), MARI);
    assert.equal(expectedPersonOf({ claims: requested }, TARA), LIIS);
    assert.equal(expectedPersonOf({ id_token_hint: idToken('no subject') }, TARA), undefined);
  });
});
