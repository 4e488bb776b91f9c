import { createHash, randomBytes } from 'node:crypto';
import { type Exchange, saying } from '../../answers/authentication-responses.ts';
import { CALLBACK, cameBack, scanned } from '../../answers/device-link-responses.ts';
import { type Defect, inWays } from '../defect.ts';

type Brought = NonNullable<Exchange['returned']>;

/** Attacks on a device link by an attacker between the browser, the app and Smart-ID. */
export const callbackDefects: readonly Defect[] = [
  ...inWays(['Web2App'], {
    'the browser never came back': ['callback_missing', () => cameBack({ returned: undefined })],
    'the browser brought the digest of another secret': [
      'callback_secret_mismatch',
      () => bringing(() => ({ sessionSecretDigest: sha256(randomBytes(32)) })),
    ],
    'the browser brought the secret for its digest': [
      'callback_secret_mismatch',
      () => bringing(({ session }) => ({ sessionSecretDigest: session.deviceLink?.sessionSecret ?? '' })),
    ],
    'the browser brought the digest of the secret’s text': [
      'callback_secret_mismatch',
      () =>
        bringing(({ session }) => ({
          sessionSecretDigest: sha256(Buffer.from(session.deviceLink?.sessionSecret ?? '')),
        })),
    ],
    'the browser brought the digest with padding': [
      'callback_secret_mismatch',
      () => bringing(({ returned }) => ({ sessionSecretDigest: `${returned?.sessionSecretDigest ?? ''}=` })),
    ],
    'the browser brought nothing': [
      'callback_secret_mismatch',
      () => bringing(() => ({ sessionSecretDigest: '', userChallengeVerifier: '' })),
    ],
    'the browser brought what another login’s brought': [
      'callback_secret_mismatch',
      () => ({ ...cameBack(), returned: cameBack().returned }),
    ],
    'the browser brought another verifier': [
      'callback_challenge_mismatch',
      () => bringing(() => ({ userChallengeVerifier: randomBytes(32).toString('base64url') })),
    ],
    'the browser brought the challenge for its verifier': [
      'callback_challenge_mismatch',
      () => bringing(({ answer }) => ({ userChallengeVerifier: answer.signature?.userChallenge ?? '' })),
    ],
    'the browser brought a verifier of sixty thousand characters': [
      'callback_challenge_mismatch',
      () => bringing(() => ({ userChallengeVerifier: 'A'.repeat(60_000) })),
    ],
    'the user’s challenge is another than the callback’s': [
      'callback_challenge_mismatch',
      () => cameBack({ said: saying(randomBytes(32).toString('base64url'), 'signature', 'userChallenge') }),
    ],
    'the session has no link to come back from': [
      'callback_secret_mismatch',
      () => cameBack({ session: { deviceLink: undefined } }),
    ],
    'no callback URL was signed': [
      'signature_invalid',
      () => cameBack({ signed: { initialCallbackUrl: '' } }),
    ],
    'it was scanned somewhere, and is said to have been opened here': [
      'signature_invalid',
      () => cameBack({ signed: { flowType: 'QR', initialCallbackUrl: '' } }),
    ],
    'the link was not shown': ['flow_not_offered', () => cameBack({ session: { flows: ['qr'] } })],
    'the app was opened by another app': [
      'flow_not_offered',
      () => cameBack({ genuine: { flowType: 'App2App' } }),
    ],
  }),
  ...inWays(['QR'], {
    // So that no callback is required.
    'it was opened somewhere, and is said to have been scanned here': [
      'signature_invalid',
      () => cameBack({ said: saying('QR', 'signature', 'flowType'), returned: undefined }),
    ],
    'a browser came back, though it was scanned': [
      'callback_unexpected',
      () => scanned({ returned: cameBack().returned }),
    ],
    'a callback URL was signed, though it was scanned': [
      'signature_invalid',
      () => scanned({ signed: { initialCallbackUrl: CALLBACK } }),
    ],
    'it came by a push': ['flow_not_offered', () => scanned({ genuine: { flowType: 'Notification' } })],
  }),
];

function bringing(brought: (given: Exchange) => Partial<Brought>): Exchange {
  const given = cameBack();
  const genuine = { sessionSecretDigest: '', userChallengeVerifier: '', ...given.returned };
  return { ...given, returned: { ...genuine, ...brought(given) } };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
