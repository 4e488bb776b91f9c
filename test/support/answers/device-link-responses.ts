/** Completed responses to a device-link session, and the values of the Web2App callback. */
import { createHash, randomBytes } from 'node:crypto';
import type { AuthenticationSession } from '../../../src/smart-id/authentication.ts';
import {
  exchange,
  type Exchange,
  type ExchangeOptions,
  requestedSession,
} from './authentication-responses.ts';

export const CALLBACK = 'https://login.example.ee/callback/smart-id?value=RrKjjT4aggzu27YBddX1bQ';

/** An anonymous session. */
export function deviceLinkSession(changes: Partial<AuthenticationSession> = {}): AuthenticationSession {
  return requestedSession({
    flows: ['qr', 'web2app'],
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

/** An exchange in the QR flow. */
export function qrExchange(options: ExchangeOptions = {}): Exchange {
  return exchange({
    ...options,
    session: deviceLinkSession(options.session),
    genuine: { flowType: 'QR', ...options.genuine },
  });
}

/** An exchange in the Web2App flow, with the callback parameters. */
export function web2AppExchange(options: ExchangeOptions = {}): Exchange {
  const session = deviceLinkSession(options.session);
  const verifier = randomBytes(32).toString('base64url');
  return exchange({
    callback: {
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

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
