import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { VerificationErrorCode } from '../../../src/smart-id/verify/errors.ts';
import type { Exchange } from '../../support/authentication-responses.ts';
import { verified } from '../../support/authentications.ts';
import * as answers from '../../support/device-link-responses.ts';
import { cameBack, scanned } from '../../support/device-link-responses.ts';
import { refusal } from './refusal.ts';

describe('a genuine answer to a device link is accepted', () => {
  it('of whoever scanned the QR code', async () => {
    assert.equal((await verified(scanned())).flow, 'QR');
  });

  it('of whoever opened the app and came back', async () => {
    assert.equal((await verified(cameBack())).flow, 'Web2App');
  });

  it('of the one person who was expected, and of nobody else', async () => {
    for (const make of [scanned, cameBack]) {
      const session = { expectedIdentifier: 'PNOEE-40504040001' };
      assert.equal(await refusal(make({ session })), 'accepted');
      assert.equal(
        await refusal(make({ session, certificate: { identifier: 'PNOEE-50001029996' } })),
        'person_mismatch',
      );
    }
  });
});

describe('an answer to a device link is refused', () => {
  const cases: Record<string, [() => Exchange, VerificationErrorCode]> = {
    'whose browser never came back': [answers.neverCameBack, 'callback_missing'],
    'with the digest of another secret': [answers.otherSecret, 'callback_secret_mismatch'],
    'with the secret for its digest': [answers.secretItself, 'callback_secret_mismatch'],
    'with another verifier': [answers.otherVerifier, 'callback_challenge_mismatch'],
    'with the challenge for its verifier': [answers.challengeAsVerifier, 'callback_challenge_mismatch'],
    'with nothing brought': [answers.nothingBrought, 'callback_secret_mismatch'],
    'with the callback of another login': [answers.callbackOfAnother, 'callback_secret_mismatch'],
    'that signed another callback URL': [answers.otherCallbackSigned, 'signature_invalid'],
    'that signed no callback URL': [answers.noCallbackSigned, 'signature_invalid'],
    'that was scanned and signed a callback URL': [answers.callbackSignedWithQr, 'signature_invalid'],
    'that was scanned and says Web2App': [answers.qrSaidToBeWeb2App, 'signature_invalid'],
    'that was Web2App and says it was scanned': [answers.web2AppSaidToBeQr, 'signature_invalid'],
    'that was scanned, where a browser came back': [answers.scannedAndCameBack, 'callback_unexpected'],
    'that came by a push': [answers.notificationForDeviceLink, 'flow_not_offered'],
    'that came by another kind of link': [answers.app2App, 'flow_not_offered'],
    'that came by a link that was not shown': [answers.web2AppNotOffered, 'flow_not_offered'],
    'of a session that has no link': [answers.web2AppWithoutLink, 'callback_secret_mismatch'],
  };
  for (const [title, [make, code]] of Object.entries(cases)) {
    it(`${title}: ${code}`, async () => {
      assert.equal(await refusal(make()), code);
    });
  }
});
