import { parseCertificate } from '../../src/pki/certificate.ts';
import { createTrustStore, type TrustStore } from '../../src/pki/trust-store.ts';
import type { AuthenticationSession, VerifiedAuthentication } from '../../src/smart-id/authentication.ts';
import type { PreparedSession } from '../../src/smart-id/session.ts';
import { verifyAuthentication } from '../../src/smart-id/verify/verify-authentication.ts';
import { deviceLinkSession } from './device-link-responses.ts';
import {
  exchange,
  type ExchangeOptions,
  type Exchange,
  sessionAsked,
  testPki,
} from './authentication-responses.ts';

/** A session as it was asked for PNOEE-40504040001. */
export function aSession(): AuthenticationSession {
  return sessionAsked();
}

export function aPreparedSession(): PreparedSession {
  const { sessionId: _, ...session } = sessionAsked();
  return { session, verificationCode: '7180' };
}

/** A session that anybody may answer, by its QR code or by opening the app. */
export function aDeviceLinkSession(): AuthenticationSession {
  const { expectedIdentifier: _, ...session } = deviceLinkSession();
  return session;
}

export function aPreparedDeviceLink(): PreparedSession {
  const { sessionId: _, deviceLink, ...session } = aDeviceLinkSession();
  return { session, initialCallbackUrl: deviceLink?.initialCallbackUrl };
}

/** A really verified authentication: there is no other way to have one. */
export async function aVerifiedAuthentication(
  options: ExchangeOptions = {},
): Promise<VerifiedAuthentication> {
  return verified(exchange(options));
}

export function verified({ answer, session, trust, returned }: Exchange): Promise<VerifiedAuthentication> {
  return verifyAuthentication(answer, session, {
    trust: trustStoreOf(trust),
    revocation: 'off',
    now: testPki.now,
    returned,
  });
}

export function trustStoreOf({ anchors, intermediates }: Exchange['trust']): TrustStore {
  return createTrustStore({
    anchors: anchors.map((der) => parseCertificate(der)),
    intermediates: intermediates.map((der) => parseCertificate(der)),
  });
}
