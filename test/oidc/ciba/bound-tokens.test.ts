/** Logins without a browser whose tokens are bound to a key or a certificate: clients of the profile fapi2, at a complete Sild. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { GeneralName } from '@peculiar/asn1-x509';
import { decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import * as openid from 'openid-client';
import {
  type ClientCertificate,
  clientCertificate,
  createClientCa,
} from '../../support/certificates/client-certificates.ts';
import { temporaryDirectory } from '../../support/database.ts';
import { oauthErrorOf } from '../../support/oidc-bridge.ts';
import type { WholeSild } from '../../support/whole-sild.ts';
import {
  answer,
  ask,
  type Asked,
  onPhone,
  PERSON,
  pollUntilTooEarly,
  startSildWith,
  tokensOnce as tokensWithout,
} from './agents.ts';

const HEADER = 'X-Client-Cert';
const DNS = 'branch.example';
const FAPI = { profile: 'fapi2', backchannel_token_delivery_mode: 'poll' };
const BY_CA = {
  token_endpoint_auth_method: 'tls_client_auth',
  tls_client_auth_san_dns: DNS,
  tls_client_certificate_bound_access_tokens: true,
};
/** The least time between two requests for tokens, which the tolerance of the interval makes shorter. */
const INTERVAL_MS = 1_600;

const ca = createClientCa();
const named = { alternatives: [new GeneralName({ dNSName: DNS })] };
const certificate = clientCertificate(ca, named);
/** Of the same client too: renewed, for example. */
const another = clientCertificate(ca, named);
const strangers = clientCertificate(createClientCa(), named);

let sild: WholeSild;
let keys: CryptoKeyPair;
let bank: openid.Configuration;
let rival: openid.Configuration;
let branch: openid.Configuration;

before(async () => {
  keys = await generateKeyPair('ES256', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'a' }] };
  const file = join(await temporaryDirectory(), 'ca.pem');
  await writeFile(file, ca.certificate.toString());
  sild = await startSildWith(
    [
      { ...FAPI, client_id: 'bank', jwks, id_token_signed_response_alg: 'EdDSA' },
      { ...FAPI, client_id: 'rival', jwks },
      { ...FAPI, client_id: 'branch', ...BY_CA, jwks, id_token_signed_response_alg: 'PS256' },
    ],
    { MTLS_CERT_HEADER: HEADER, MTLS_PROXIES: '127.0.0.1,::1', MTLS_CA_FILE: file },
  );
  bank = await partyWithKey('bank');
  rival = await partyWithKey('rival');
  branch = await partyWith(certificate);
});
after(() => sild.stop());

function partyWithKey(clientId: string, key: CryptoKey = keys.privateKey): Promise<openid.Configuration> {
  const onlyIssuer: openid.ModifyAssertionOptions = {
    [openid.modifyAssertion]: (_header, payload) => {
      payload.aud = sild.issuer;
    },
  };
  return discovered(clientId, openid.PrivateKeyJwt({ key, kid: 'a' }, onlyIssuer));
}

/** The client `branch`, whose proxy passes its certificate on; undefined: it presents none. */
async function partyWith(presented: ClientCertificate | undefined): Promise<openid.Configuration> {
  const config = await discovered('branch', openid.TlsClientAuth());
  config[openid.customFetch] = (url, { headers, ...options }) =>
    fetch(url, {
      ...options,
      headers: { ...headers, ...(presented && { [HEADER]: encodeURIComponent(presented.cert) }) },
    } as RequestInit);
  return config;
}

function discovered(clientId: string, authentication: openid.ClientAuth): Promise<openid.Configuration> {
  return openid.discovery(new URL(sild.issuer), clientId, {}, authentication, {
    execute: [openid.allowInsecureRequests],
  });
}

const newProof = async (alg = 'ES256') => openid.getDPoPHandle(bank, await openid.randomDPoPKeyPair(alg));

/** One request for tokens with a proof, without waiting. */
function tokensOnce(agent: openid.Configuration, { auth_req_id: id }: Asked, DPoP: openid.DPoPHandle) {
  const grant = 'urn:openid:params:grant-type:ciba';
  return openid.genericGrantRequest(agent, grant, { auth_req_id: id }, { DPoP });
}

async function confirmed(agent: openid.Configuration): Promise<Asked> {
  const asked = await ask(agent);
  await answer(sild, await onPhone(sild), { action: 'confirm' });
  return asked;
}

async function userinfoStatus(token: string, scheme: 'Bearer' | 'DPoP'): Promise<number> {
  const { status } = await fetch(`${sild.issuer}/userinfo`, {
    headers: { authorization: `${scheme} ${token}` },
  });
  return status;
}

describe('a login without a browser of a client of the profile fapi2', () => {
  it('gives a token for the key of the proof, which no other key can use', async () => {
    const DPoP = await newProof();
    const tokens = await tokensOnce(bank, await confirmed(bank), DPoP);
    assert.equal(tokens.token_type, 'dpop');
    assert.equal(decodeProtectedHeader(tokens.id_token ?? '').alg, 'EdDSA');
    const { access_token: token } = tokens;
    assert.equal((await openid.fetchUserInfo(bank, token, PERSON, { DPoP })).sub, PERSON);
    const { cnf } = await openid.tokenIntrospection(bank, token);
    assert.equal(cnf?.jkt, await DPoP.calculateThumbprint());
    await assert.rejects(openid.fetchUserInfo(bank, token, PERSON, { DPoP: await newProof() }), {
      code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
    });
    assert.equal(await userinfoStatus(token, 'Bearer'), 401);
    assert.equal(await userinfoStatus(token, 'DPoP'), 400);
  });

  it('gives no token without a proof or with one of RS256, and is not used up by that', async () => {
    const asked = await confirmed(bank);
    assert.equal(await oauthErrorOf(tokensWithout(bank, asked)), 'invalid_grant');
    assert.equal(await oauthErrorOf(tokensOnce(bank, asked, await newProof('RS256'))), 'invalid_dpop_proof');
    assert.equal((await tokensOnce(bank, asked, await newProof())).claims()?.sub, PERSON);
  });

  it('is of the client that has asked: another one gets nothing, neither before nor after the answer', async () => {
    const asked = await ask(bank);
    assert.equal(await oauthErrorOf(tokensOnce(rival, asked, await newProof())), 'invalid_grant');
    await answer(sild, await onPhone(sild), { action: 'confirm' });
    assert.equal(await oauthErrorOf(tokensOnce(rival, asked, await newProof())), 'invalid_grant');
    assert.equal((await tokensOnce(bank, asked, await newProof())).claims()?.sub, PERSON);
  });

  it('is redeemed once, also by several requests with several keys at the same moment', async () => {
    const asked = await confirmed(bank);
    const proofs = await Promise.all([1, 2, 3].map(() => newProof()));
    const results = await Promise.allSettled(proofs.map((DPoP) => tokensOnce(bank, asked, DPoP)));
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal(await oauthErrorOf(tokensOnce(bank, asked, await newProof())), 'invalid_grant');
  });

  it('cannot be requested with another key, or without authentication', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const stranger = await partyWithKey('bank', privateKey);
    assert.equal(await oauthErrorOf(ask(stranger)), 'invalid_client');
    assert.equal(await oauthErrorOf(ask(await discovered('bank', openid.None()))), 'invalid_client');
    const asked = await confirmed(bank);
    assert.equal(await oauthErrorOf(tokensOnce(stranger, asked, await newProof())), 'invalid_client');
    assert.equal((await tokensOnce(bank, asked, await newProof())).claims()?.sub, PERSON);
  });

  it('answers slow_down, access_denied and expired_token as to every client', async () => {
    const DPoP = await newProof();
    const asked = await ask(bank);
    assert.equal(await oauthErrorOf(tokensOnce(bank, asked, DPoP)), 'authorization_pending');
    await pollUntilTooEarly(() => tokensOnce(bank, asked, DPoP));
    await answer(sild, await onPhone(sild), { action: 'refuse' });
    await delay(INTERVAL_MS);
    assert.equal(await oauthErrorOf(tokensOnce(bank, asked, DPoP)), 'access_denied');

    const brief = await ask(bank, { requested_expiry: '1' });
    const request = await onPhone(sild);
    await delay(2_000);
    assert.equal(await oauthErrorOf(tokensOnce(bank, brief, DPoP)), 'expired_token');
    await answer(sild, request, { action: 'confirm' });
    assert.equal(await oauthErrorOf(tokensOnce(bank, brief, DPoP)), 'expired_token');
  });
});

describe('a login without a browser of a client with a TLS certificate', () => {
  it('gives a token for the certificate, which no other one can use', async () => {
    const tokens = await tokensWithout(branch, await confirmed(branch));
    assert.equal(decodeProtectedHeader(tokens.id_token ?? '').alg, 'PS256');
    const { access_token: token } = tokens;
    assert.equal((await openid.fetchUserInfo(branch, token, PERSON)).sub, PERSON);
    const { cnf } = await openid.tokenIntrospection(branch, token);
    assert.equal(typeof cnf?.['x5t#S256'], 'string');
    for (const other of [another, strangers, undefined]) {
      await assert.rejects(openid.fetchUserInfo(await partyWith(other), token, PERSON), {
        code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
      });
    }
    assert.equal(await userinfoStatus(token, 'Bearer'), 401);
  });

  it('can be neither requested nor redeemed with a certificate of another CA, or without one', async () => {
    const asked = await confirmed(branch);
    for (const other of [strangers, undefined]) {
      const stranger = await partyWith(other);
      assert.equal(await oauthErrorOf(ask(stranger)), 'invalid_client');
      assert.equal(await oauthErrorOf(tokensWithout(stranger, asked)), 'invalid_client');
    }
    assert.equal(await oauthErrorOf(tokensOnce(bank, asked, await newProof())), 'invalid_grant');
    assert.equal((await tokensWithout(branch, asked)).claims()?.sub, PERSON);
  });
});
