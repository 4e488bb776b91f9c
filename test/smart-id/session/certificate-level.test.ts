import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuthenticationRequest } from '../../../src/login/authenticator.ts';
import { testPki } from '../../support/answers/authentication-responses.ts';
import { issueAuthentication } from '../../support/certificates/certificates.ts';
import { json } from '../rp-api/rp-api-server.ts';
import { smartIdAgainst } from '../smart-id-against.ts';

const account = issueAuthentication(testPki, { identifier: 'PNOEE-40504040001' });
const PUSH = {
  flow: 'notification',
  identifier: 'PNOEE-40504040001',
  displayText: 'Log in to Sample app',
  knownBrowser: true,
} as const;
const LINK = {
  flow: 'qr',
  displayText: 'Log in to Sample app',
  callbackUrl: 'https://login.example.ee/callback/smart-id?value=RrKjjT4aggzu27YBddX1bQ',
} as const;
const REQUESTS: readonly (readonly [string, '3' | '2', AuthenticationRequest])[] = [
  ['a push by RP API v3', '3', PUSH],
  ['a push by RP API v2', '2', PUSH],
  ['a QR code', '3', LINK],
  ['an app link', '3', { ...LINK, flow: 'web2app' }],
];

for (const [title, apiVersion, request] of REQUESTS) {
  describe(`the certificate level of ${title}`, () => {
    for (const [configured, requested, demanded] of [
      ['ADVANCED', undefined, 'ADVANCED'],
      ['ADVANCED', 'QUALIFIED', 'QUALIFIED'],
      ['QUALIFIED', 'ADVANCED', 'QUALIFIED'],
      ['QUALIFIED', undefined, 'QUALIFIED'],
    ] as const) {
      it(`is ${demanded} if ${configured} is configured and ${requested ?? 'none'} requested`, async (test) => {
        const respond = (response: Parameters<typeof json>[0]) => {
          json(response, 200, { sessionID: '3d32860c-b62d-4716-9992-f6983e678761' });
        };
        const options = { apiVersion, certificateLevel: configured };
        const { smartId, server } = await smartIdAgainst(test, account, respond, options);
        const prepared = smartId.prepare({ ...request, certificateLevel: requested });
        assert.equal(prepared.session.certificateLevel, demanded, 'what the verification demands');
        await smartId.start(prepared);
        const body = JSON.parse(server.received[0]?.body ?? '') as Record<string, unknown>;
        assert.equal(body.certificateLevel, demanded, 'what Smart-ID is asked for');
      });
    }
  });
}
