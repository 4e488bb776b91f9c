import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientSchema } from '../../src/oidc/clients/client-schema.ts';
import { ClientError, requireValid } from '../../src/oidc/clients/client-validation.ts';
import { CLIENT_SECRET, REDIRECT_URI } from '../support/oidc-bridge.ts';

const secondsOf = (given: unknown) =>
  clientSchema.safeParse({ redirect_uris: [REDIRECT_URI], remember_login: given }).data?.remember_login;

describe('remember_login', () => {
  for (const [given, seconds] of [
    [1, 1],
    [900, 900],
    ['90s', 90],
    ['15m', 900],
    ['12h', 43_200],
    [43_200, 43_200],
  ] as const) {
    it(`is ${seconds} seconds for ${JSON.stringify(given)}`, () => {
      assert.equal(secondsOf(given), seconds);
    });
  }

  for (const given of [0, -1, 1.5, 43_201, '13h', '0m', '15', '15 m', '1d', '', 'off', true, null, ['15m']]) {
    it(`cannot be ${JSON.stringify(given)}`, () => {
      const parsed = clientSchema.safeParse({ redirect_uris: [REDIRECT_URI], remember_login: given });
      const [issue] = parsed.error?.issues ?? [];
      assert.deepEqual(issue?.path, ['remember_login']);
      assert.match(issue.message, /at most 12h/);
    });
  }

  it('is refused for a client from elsewhere beyond its limit too', async () => {
    const client = { client_id: 'x', client_secret: CLIENT_SECRET, redirect_uris: [REDIRECT_URI] };
    await requireValid({ ...client, remember_login: 43_200 });
    await assert.rejects(requireValid({ ...client, remember_login: 43_201 }), ClientError);
    await assert.rejects(requireValid({ ...client, remember_login: '15m' }), ClientError);
  });
});
