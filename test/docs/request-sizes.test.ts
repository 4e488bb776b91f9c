/** The sizes of FAPI clients' requests in docs/clients.md, measured with openid-client; those of other clients are measured by peers/. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import * as openid from 'openid-client';
import type { Store } from '../../src/store/store.ts';
import { MAX_AUTHORIZATION_REQUEST } from '../../src/web/middleware/authorization-limits.ts';
import { openTestStore } from '../support/database.ts';
import {
  aClient,
  authorizationRequest,
  type Bridge,
  relyingParty,
  startBridge,
} from '../support/oidc-bridge.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'clients.md'), 'utf8');
/** Random values have one length; signatures and times too. What differs is encoded differently. */
const TOLERANCE_BYTES = 40;
const LONG_VALUES = {
  scope: 'openid profile identity age',
  acr_values: 'http://eidas.europa.eu/LoA/high http://eidas.europa.eu/LoA/low',
  ui_locales: 'et en',
  prompt: 'login',
  max_age: '3600',
  login_hint: 'PNOEE-40504040001',
  claims: JSON.stringify({
    id_token: {
      verified_claims: {
        verification: {
          trust_framework: { value: 'eidas' },
          assurance_level: { value: 'high' },
          time: null,
          verification_process: null,
          evidence: [{ type: { value: 'electronic_record' }, check_details: null, record: null }],
        },
        claims: { given_name: null, family_name: null, birthdate: null, age_over_18: null },
      },
    },
  }),
};

describe('the sizes of a FAPI client’s requests, as docs/clients.md has them', () => {
  let store: Store;
  let bridge: Bridge;
  let party: openid.Configuration;
  let key: openid.PrivateKey;
  /** The body of the last request to /par. */
  let pushed = '';

  before(async () => {
    const pair = await generateKeyPair('PS256', { modulusLength: 4096, extractable: true });
    key = { key: pair.privateKey, kid: 'a' };
    const now = () => Date.now();
    store = await openTestStore({ now });
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'a', alg: 'PS256', use: 'sig' };
    const client = {
      token_endpoint_auth_method: 'private_key_jwt' as const,
      token_endpoint_auth_signing_alg: 'PS256' as const,
      request_object_signing_alg: 'PS256' as const,
      jwks: { keys: [jwk] },
    };
    const { client_secret: _, ...registered } = aClient(client);
    bridge = await startBridge({ stores: store, now, clients: [registered] });
    party = await relyingParty(bridge, 'client', {}, openid.PrivateKeyJwt(key));
    party[openid.customFetch] = (url, { body, ...init }) => {
      assert.ok(body instanceof URLSearchParams);
      if (url.endsWith('/par')) pushed = body.toString();
      return fetch(url, { ...init, body });
    };
  });
  after(async () => {
    await bridge.close();
    await store.close();
  });

  async function signed(): Promise<URL> {
    const { url } = await authorizationRequest(party, LONG_VALUES);
    return openid.buildAuthorizationUrlWithJAR(party, url.searchParams, key);
  }

  it('are right for a signed request by value', async () => {
    const { search } = await signed();
    assertDocumented('FAPI client, JAR by value', search.length - 1);
  });

  it('are right for the same, pushed, and for what follows at /authorize', async () => {
    const { search } = await openid.buildAuthorizationUrlWithPAR(party, (await signed()).searchParams);
    assertDocumented('The same, pushed with', pushed.length);
    assertDocumented('The same, after it was pushed', search.length - 1);
  });

  it('are all much smaller than what is refused', () => {
    const sizes = Array.from(section().matchAll(/\| +([\d,]+) \|$/gm), ([, size = '']) => bytesOf(size));
    assert.ok(sizes.length >= 5);
    assert.ok(sizes.every((size) => size > 0 && size < (MAX_AUTHORIZATION_REQUEST * 2) / 3));
    assert.ok(section().includes(`at most ${MAX_AUTHORIZATION_REQUEST / 1024} KiB`));
  });
});

function section(): string {
  return page.split('\n## How large a request may be\n')[1]?.split('\n## ')[0] ?? '';
}

function assertDocumented(row: string, measured: number): void {
  const line = section()
    .split('\n')
    .find((each) => each.startsWith(`| ${row}`));
  const documented = bytesOf(/([\d,]+) \|$/.exec(line ?? '')?.[1] ?? '');
  assert.ok(
    Math.abs(measured - documented) <= TOLERANCE_BYTES,
    `${row}: ${documented} in the documentation, ${measured} measured`,
  );
}

function bytesOf(text: string): number {
  return Number(text.replace(',', ''));
}
