/** Completed answers to a device-link session, and what the callback of Web2App brings, each defect by its name. */
import { createHash, randomBytes } from 'node:crypto';
import type { AuthenticationSession } from '../../src/smart-id/authentication.ts';
import {
  exchange,
  type Exchange,
  type ExchangeOptions,
  saying,
  sessionAsked,
} from './authentication-responses.ts';

const CALLBACK = 'https://login.example.ee/callback/smart-id?value=RrKjjT4aggzu27YBddX1bQ';

/** Nobody in particular is expected. */
export function deviceLinkSession(changes: Partial<AuthenticationSession> = {}): AuthenticationSession {
  return sessionAsked({
    flows: ['QR', 'Web2App'],
    expectedIdentifier: undefined,
    deviceLink: {
      sessionToken: randomBytes(12).toString('hex'),
      sessionSecret: randomBytes(32).toString('base64'),
      deviceLinkBase: 'https://smart-id.com/device-link',
      initialCallbackUrl: CALLBACK,
      receivedAt: 1_900_000_000_000,
    },
    ...changes,
  });
}

/** Somebody scanned the QR code. */
export function scanned(options: ExchangeOptions = {}): Exchange {
  return exchange({
    ...options,
    session: deviceLinkSession(options.session),
    genuine: { flowType: 'QR', ...options.genuine },
  });
}

/** Somebody opened the app on the device of the browser, and came back. */
export function cameBack(options: ExchangeOptions = {}): Exchange {
  const session = deviceLinkSession(options.session);
  const verifier = randomBytes(32).toString('base64url');
  return exchange({
    returned: {
      sessionSecretDigest: sha256(Buffer.from(session.deviceLink?.sessionSecret ?? '', 'base64')),
      userChallengeVerifier: verifier,
    },
    ...options,
    session,
    genuine: {
      flowType: 'Web2App',
      initialCallbackUrl: CALLBACK,
      userChallenge: sha256(Buffer.from(verifier)),
      ...options.genuine,
    },
  });
}

/* The defects: what somebody between the browser, the app and Smart-ID could try. */

export const neverCameBack = (): Exchange => cameBack({ returned: undefined });
export const otherSecret = (): Exchange => withReturned({ sessionSecretDigest: sha256(randomBytes(32)) });
export const secretItself = (): Exchange => {
  const given = cameBack();
  return withReturned({ sessionSecretDigest: given.session.deviceLink?.sessionSecret ?? '' }, given);
};
export const otherVerifier = (): Exchange =>
  withReturned({ userChallengeVerifier: randomBytes(32).toString('base64url') });
export const challengeAsVerifier = (): Exchange => {
  const given = cameBack();
  return withReturned({ userChallengeVerifier: given.answer.signature?.userChallenge ?? '' }, given);
};
export const nothingBrought = (): Exchange =>
  withReturned({ sessionSecretDigest: '', userChallengeVerifier: '' });
/** The callback of another login, which was genuine there. */
export const callbackOfAnother = (): Exchange => ({ ...cameBack(), returned: cameBack().returned });

export const otherCallbackSigned = (): Exchange =>
  cameBack({ signed: { initialCallbackUrl: `${CALLBACK}x` } });
export const noCallbackSigned = (): Exchange => cameBack({ signed: { initialCallbackUrl: '' } });
export const callbackSignedWithQr = (): Exchange => scanned({ signed: { initialCallbackUrl: CALLBACK } });
/** Scanned by somebody, and passed off as opened here. */
export const qrSaidToBeWeb2App = (): Exchange =>
  cameBack({ signed: { flowType: 'QR', initialCallbackUrl: '' } });
/** Opened by somebody somewhere, and passed off as scanned here: so no callback would be asked for. */
export const web2AppSaidToBeQr = (): Exchange =>
  cameBack({ said: saying('QR', 'signature', 'flowType'), returned: undefined });
export const scannedAndCameBack = (): Exchange => scanned({ returned: cameBack().returned });
export const notificationForDeviceLink = (): Exchange => scanned({ genuine: { flowType: 'Notification' } });
export const app2App = (): Exchange => cameBack({ genuine: { flowType: 'App2App' } });
export const web2AppNotOffered = (): Exchange => cameBack({ session: { flows: ['QR'] } });
export const web2AppWithoutLink = (): Exchange => cameBack({ session: { deviceLink: undefined } });

function withReturned(brought: Partial<NonNullable<Exchange['returned']>>, given = cameBack()): Exchange {
  return {
    ...given,
    returned: { sessionSecretDigest: '', userChallengeVerifier: '', ...given.returned, ...brought },
  };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
