import { createHash, randomBytes } from 'node:crypto';
import { type Exchange, withMember } from '../../answers/authentication-responses.ts';
import { CALLBACK, web2AppExchange, qrExchange } from '../../answers/device-link-responses.ts';
import { type Defect, inFlows } from '../defect.ts';

type CallbackValues = NonNullable<Exchange['callback']>;

/** Attacks on a device link by an attacker between the browser, the app and Smart-ID. */
export const callbackDefects: readonly Defect[] = [
  ...inFlows(['Web2App'], {
    'the callback was not opened': ['callback_missing', () => web2AppExchange({ callback: undefined })],
    'the callback has the digest of another secret': [
      'callback_secret_mismatch',
      () => withCallback(() => ({ sessionSecretDigest: sha256(randomBytes(32)) })),
    ],
    'the callback has the secret in place of its digest': [
      'callback_secret_mismatch',
      () => withCallback(({ session }) => ({ sessionSecretDigest: session.deviceLink?.sessionSecret ?? '' })),
    ],
    'the callback has the digest of the secret’s Base64 text': [
      'callback_secret_mismatch',
      () =>
        withCallback(({ session }) => ({
          sessionSecretDigest: sha256(Buffer.from(session.deviceLink?.sessionSecret ?? '')),
        })),
    ],
    'the callback has the digest with padding': [
      'callback_secret_mismatch',
      () =>
        withCallback(({ callback }) => ({ sessionSecretDigest: `${callback?.sessionSecretDigest ?? ''}=` })),
    ],
    'the callback has empty values': [
      'callback_secret_mismatch',
      () => withCallback(() => ({ sessionSecretDigest: '', userChallengeVerifier: '' })),
    ],
    'the callback is of another login': [
      'callback_secret_mismatch',
      () => ({ ...web2AppExchange(), callback: web2AppExchange().callback }),
    ],
    'the callback has another verifier': [
      'callback_challenge_mismatch',
      () => withCallback(() => ({ userChallengeVerifier: randomBytes(32).toString('base64url') })),
    ],
    'the callback has the challenge in place of its verifier': [
      'callback_challenge_mismatch',
      () => withCallback(({ answer }) => ({ userChallengeVerifier: answer.signature?.userChallenge ?? '' })),
    ],
    'the callback has a verifier of 60,000 characters': [
      'callback_challenge_mismatch',
      () => withCallback(() => ({ userChallengeVerifier: 'A'.repeat(60_000) })),
    ],
    'userChallenge does not match the callback’s verifier': [
      'callback_challenge_mismatch',
      () =>
        web2AppExchange({
          stated: withMember(randomBytes(32).toString('base64url'), 'signature', 'userChallenge'),
        }),
    ],
    'the session has no device link': [
      'callback_secret_mismatch',
      () => web2AppExchange({ session: { deviceLink: undefined } }),
    ],
    'no callback URL was signed': [
      'signature_invalid',
      () => web2AppExchange({ signed: { initialCallbackUrl: '' } }),
    ],
    'QR was signed, but Web2App is stated': [
      'signature_invalid',
      () => web2AppExchange({ signed: { flowType: 'QR', initialCallbackUrl: '' } }),
    ],
    'the app link was not offered': [
      'flow_not_offered',
      () => web2AppExchange({ session: { flows: ['qr'] } }),
    ],
    'the flow is App2App': ['flow_not_offered', () => web2AppExchange({ genuine: { flowType: 'App2App' } })],
  }),
  ...inFlows(['QR'], {
    // An attempt to avoid the callback, which QR does not need.
    'Web2App was signed, but QR is stated': [
      'signature_invalid',
      () => web2AppExchange({ stated: withMember('QR', 'signature', 'flowType'), callback: undefined }),
    ],
    'a callback was opened in the QR flow': [
      'callback_unexpected',
      () => qrExchange({ callback: web2AppExchange().callback }),
    ],
    'a callback URL was signed in the QR flow': [
      'signature_invalid',
      () => qrExchange({ signed: { initialCallbackUrl: CALLBACK } }),
    ],
    'the flow is Notification, but QR was offered': [
      'flow_not_offered',
      () => qrExchange({ genuine: { flowType: 'Notification' } }),
    ],
  }),
];

function withCallback(changes: (given: Exchange) => Partial<CallbackValues>): Exchange {
  const given = web2AppExchange();
  const genuine = { sessionSecretDigest: '', userChallengeVerifier: '', ...given.callback };
  return { ...given, callback: { ...genuine, ...changes(given) } };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
