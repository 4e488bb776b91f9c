/** ID tokens and answers of userinfo that are signed, or encrypted for the client. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { compactDecrypt, createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import * as openid from 'openid-client';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  authorizationRequest,
  type Bridge,
  logIn,
  personAt,
  relyingParty,
  startBridge,
  tokensOf,
} from '../../support/oidc-bridge.ts';

const CASES = [
  { alg: 'RSA-OAEP-256', enc: 'A256GCM' },
  { alg: 'ECDH-ES', enc: 'A128CBC-HS256' },
] as const;

const SIGNATURES = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

let store: Store;
let bridge: Bridge;
const keys = new Map<string, CryptoKey>();
before(async () => {
  store = await openTestStore();
  const encrypted = await Promise.all(
    CASES.map(async ({ alg, enc }) => {
      const pair = await generateKeyPair(alg, { extractable: true });
      keys.set(alg, pair.privateKey);
      return aClient({
        client_id: alg,
        jwks: { keys: [{ ...(await exportJWK(pair.publicKey)), use: 'enc', alg }] },
        id_token_encrypted_response_alg: alg,
        id_token_encrypted_response_enc: enc,
        userinfo_signed_response_alg: 'ES256',
        userinfo_encrypted_response_alg: alg,
        userinfo_encrypted_response_enc: enc,
      });
    }),
  );
  bridge = await startBridge({
    stores: store,
    clients: [
      ...encrypted,
      ...SIGNATURES.map((alg) =>
        aClient({ client_id: alg, id_token_signed_response_alg: alg, userinfo_signed_response_alg: alg }),
      ),
    ],
  });
});
after(async () => {
  await bridge.close();
  await store.close();
});

async function userinfoOf(accessToken: string): Promise<{ type: string | null; text: string }> {
  const response = await fetch(`${bridge.issuer}/userinfo`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  return { type: response.headers.get('content-type'), text: await response.text() };
}

const verified = (jwt: string, audience: string, alg?: string) =>
  jwtVerify(jwt, createRemoteJWKSet(new URL('/jwks', bridge.issuer)), {
    issuer: bridge.issuer,
    audience,
    ...(alg !== undefined && { algorithms: [alg] }),
  });

/** Of the hash of the algorithm: Ed25519 hashes with SHA-512. (OpenID Connect Core 3.1.3.6) */
function leftHalfOfHash(token: string, alg: (typeof SIGNATURES)[number]): string {
  const digest = createHash(alg === 'EdDSA' ? 'sha512' : 'sha256')
    .update(token)
    .digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

describe('a client', () => {
  for (const { alg, enc } of CASES) {
    it(`gets an ID token and userinfo that only it can read, by ${alg} with ${enc}`, async () => {
      const key = keys.get(alg);
      assert.ok(key);
      const config = await relyingParty(bridge, alg);
      openid.enableDecryptingResponses(config, [enc], { key, alg });
      const tokens = await tokensOf(bridge, config);
      assert.equal(tokens.claims()?.sub, 'PNOEE-40504040001');
      assert.equal(tokens.id_token?.split('.').length, 5);

      const { type, text } = await userinfoOf(tokens.access_token);
      assert.match(type ?? '', /^application\/jwt/);
      const { plaintext, protectedHeader } = await compactDecrypt(text, key);
      assert.deepEqual([protectedHeader.alg, protectedHeader.enc], [alg, enc]);
      const { payload } = await verified(Buffer.from(plaintext).toString(), alg);
      assert.equal(payload.sub, 'PNOEE-40504040001');
    });
  }

  for (const alg of SIGNATURES) {
    it(`gets an ID token and userinfo that are signed with ${alg}, and its logout takes the token`, async () => {
      const config = await relyingParty(bridge, alg, {
        id_token_signed_response_alg: alg,
        userinfo_signed_response_alg: alg,
      });
      openid.enableNonRepudiationChecks(config);
      const person = personAt(bridge);
      const { url, checks } = await authorizationRequest(config);
      const tokens = await openid.authorizationCodeGrant(config, await logIn(person, url), checks);
      const claims = tokens.claims();
      assert.ok(claims);
      assert.equal(claims.at_hash, leftHalfOfHash(tokens.access_token, alg));
      assert.equal((await openid.fetchUserInfo(config, tokens.access_token, claims.sub)).sub, claims.sub);

      const { type, text } = await userinfoOf(tokens.access_token);
      assert.match(type ?? '', /^application\/jwt/);
      const kids = new Set<unknown>();
      for (const jwt of [tokens.id_token ?? '', text]) {
        const { payload, protectedHeader } = await verified(jwt, alg, alg);
        assert.deepEqual([payload.sub, protectedHeader.alg], ['PNOEE-40504040001', alg]);
        kids.add(protectedHeader.kid);
      }
      assert.equal(kids.size, 1);

      const end = openid.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: 'http://localhost:9/',
      });
      const page = await person.get(end);
      assert.ok(page.status === 200 && !page.text.includes('"error"'), page.text);
    });
  }

  it('gets an ID token of PS256 that does not verify as one of RS256, though the RSA key is the same', async () => {
    const { id_token = '' } = await tokensOf(
      bridge,
      await relyingParty(bridge, 'PS256', { id_token_signed_response_alg: 'PS256' }),
    );
    const [header, payload, signature] = id_token.split('.');
    const { kid } = JSON.parse(Buffer.from(header ?? '', 'base64url').toString()) as { kid: string };
    for (const ofKey of [kid, kid.replace('.PS256', '')]) {
      const forged = Buffer.from(JSON.stringify({ alg: 'RS256', kid: ofKey })).toString('base64url');
      await assert.rejects(verified(`${forged}.${payload}.${signature}`, 'PS256'));
    }
  });

  it('logs out with the ID token inside the encrypted one', async () => {
    const key = keys.get('ECDH-ES');
    assert.ok(key);
    const config = await relyingParty(bridge, 'ECDH-ES');
    openid.enableDecryptingResponses(config, ['A128CBC-HS256'], { key, alg: 'ECDH-ES' });
    const person = personAt(bridge);
    const { url, checks } = await authorizationRequest(config);
    const tokens = await openid.authorizationCodeGrant(config, await logIn(person, url), checks);
    const { plaintext } = await compactDecrypt(tokens.id_token ?? '', key);
    const logout = openid.buildEndSessionUrl(config, {
      id_token_hint: Buffer.from(plaintext).toString(),
      post_logout_redirect_uri: 'http://localhost:9/',
    });
    const page = await person.get(logout);
    assert.equal(page.status, 200);
    assert.ok(!page.text.includes('"error"'), page.text);
  });
});
