import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import type { VerifiedAuthentication } from '../../../src/smart-id/authentication.ts';
import {
  type Evidence,
  evidenceOf,
  evidenceSchema,
  MAX_LIST_BYTES,
  sha256Of,
} from '../../../src/smart-id/evidence/evidence.ts';
import { testPki } from '../../support/answers/authentication-responses.ts';
import { aVerifiedAuthentication } from '../../support/answers/authentications.ts';
import { exchangeFor } from '../../support/defects/defect.ts';

const AT = new Date('2026-11-28T10:00:00Z');
const ASKED = new Date('2026-11-28T09:59:59Z');
const FINGERPRINT = parseCertificate(testPki.issuing.certificate).fingerprint;
const bytes = (text: string) => Buffer.from(text);
const callback = { sessionSecretDigest: 'digest', userChallengeVerifier: 'verifier' };

async function evidence(
  flow: Parameters<typeof exchangeFor>[0],
  revocationEvidence: VerifiedAuthentication['revocationEvidence'] = [],
  withCallback = true,
): Promise<Evidence> {
  const { session, answer, apiVersion } = exchangeFor(flow, { session: { keepsEvidence: true } });
  const authentication = { ...(await aVerifiedAuthentication()), revocationEvidence };
  return evidenceOf(apiVersion, session, answer, withCallback ? callback : undefined, authentication, AT);
}

describe('the evidence of an authentication', () => {
  it('is the request, the answer, the callback and the path, without the IDs and links of the session', async () => {
    const { session, answer } = exchangeFor('Web2App', {
      session: { keepsEvidence: true, expectedIdentifier: 'PNOEE-40504040001' },
    });
    const authentication = await aVerifiedAuthentication();
    const found = evidenceOf('3', session, answer, callback, authentication, AT);
    const { sessionId, keepsEvidence, deviceLink, ...request } = session;
    assert.ok(sessionId && keepsEvidence && deviceLink);
    assert.ok(authentication.issuers.length > 0);
    assert.deepEqual(found, {
      rpApi: '3',
      verifiedAt: AT.toISOString(),
      request: {
        ...request,
        deviceLink: {
          sessionSecret: deviceLink.sessionSecret,
          initialCallbackUrl: deviceLink.initialCallbackUrl,
        },
      },
      answer,
      callback,
      issuers: authentication.issuers.map(({ der }) => Buffer.from(der).toString('base64')),
      revocation: [],
      notSigned: ['certificateLevel', 'documentNumber'],
    });
    assert.notEqual(found.request.flows, session.flows);
    assert.deepEqual(evidenceSchema.parse(JSON.parse(JSON.stringify(found))), found);
  });

  it('has neither a callback nor a device link where there was none', async () => {
    const found = await evidence('Notification', [], false);
    assert.equal('callback' in found, false);
    assert.equal('deviceLink' in found.request, false);
  });

  it('names all that the person has not signed in RP API v2', async () => {
    const found = await evidence('v2', [], false);
    assert.deepEqual(found.notSigned, [
      'schemeName',
      'relyingPartyName',
      'brokeredRpName',
      'interactions',
      'interactionFlowUsed',
      'flow',
      'certificateLevel',
      'documentNumber',
    ]);
  });

  it('has what the CAs have said: an OCSP response with its nonce, a list, or the hash of a long list', async () => {
    const [short, long] = [Buffer.alloc(MAX_LIST_BYTES, 1), Buffer.alloc(MAX_LIST_BYTES + 1, 1)];
    const { revocation } = await evidence('QR', [
      { source: 'ocsp', fingerprint: FINGERPRINT, response: bytes('good'), nonce: bytes('once'), at: ASKED },
      { source: 'crl', fingerprint: FINGERPRINT, list: short },
      { source: 'crl', fingerprint: FINGERPRINT, list: long },
    ]);
    assert.deepEqual(revocation, [
      {
        source: 'ocsp',
        certificate: FINGERPRINT,
        response: bytes('good').toString('base64'),
        nonce: bytes('once').toString('base64'),
        at: ASKED.toISOString(),
      },
      {
        source: 'crl',
        certificate: FINGERPRINT,
        sha256: sha256Of(short),
        list: short.toString('base64'),
      },
      { source: 'crl', certificate: FINGERPRINT, sha256: sha256Of(long) },
    ]);
    assert.equal(sha256Of(bytes('')), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('of another form is refused', async () => {
    const genuine = await evidence('Web2App');
    const { deviceLink } = genuine.request;
    const changed = (changes: object) => evidenceSchema.safeParse({ ...genuine, ...changes }).success;
    assert.equal(changed({}), true);
    for (const member of Object.keys(genuine)) {
      assert.equal(changed({ [member]: undefined }), member === 'callback', member);
      assert.equal(changed({ [member]: 5 }), false, member);
    }
    for (const deviceLinkOf of [{ sessionSecret: '' }, { initialCallbackUrl: '' }, { sessionSecret: '§' }]) {
      const request = { ...genuine.request, deviceLink: { ...deviceLink, ...deviceLinkOf } };
      assert.equal(changed({ request }), false);
    }
    const ocsp = { source: 'ocsp', certificate: FINGERPRINT, response: 'AA==', nonce: 'AA==', at: AT };
    assert.equal(changed({ revocation: [{ ...ocsp, at: AT.toISOString() }] }), true);
    assert.equal(changed({ revocation: [{ ...ocsp, at: 'yesterday' }] }), false);
    assert.equal(changed({ revocation: [{ source: 'crl', certificate: FINGERPRINT }] }), false);
    assert.equal(changed({ revocation: [{ source: 'word', certificate: FINGERPRINT }] }), false);
  });
});
