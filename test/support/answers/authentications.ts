/** Verified authentications, from responses that pass parsing and every verification step. */
import { hash } from 'node:crypto';
import type { z } from 'zod';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { createTrustStore, type TrustStore } from '../../../src/pki/trust-store.ts';
import type { CertificateLevel } from '../../../src/identity/certificate-level.ts';
import type { AuthenticationSession, VerifiedAuthentication } from '../../../src/smart-id/authentication.ts';
import type { AuthenticatedPerson } from '../../../src/login/authenticator.ts';
import { authenticatedPersonOf } from '../../../src/smart-id/authenticated-person.ts';
import type { PreparedSession } from '../../../src/smart-id/session.ts';
import { sessionStatusV2Schema } from '../../../src/smart-id/rp-api/v2/session-status.ts';
import { sessionStatusSchema } from '../../../src/smart-id/rp-api/v3/session-status.ts';
import { verifyAuthenticationV2 } from '../../../src/smart-id/verify/v2/verify-authentication.ts';
import { verifyAuthentication } from '../../../src/smart-id/verify/v3/verify-authentication.ts';
import { deviceLinkSession } from './device-link-responses.ts';
import type { ExchangeV2 } from './authentication-responses-v2.ts';
import {
  exchange,
  type ExchangeOptions,
  type Exchange,
  requestedSession,
  testPki,
} from './authentication-responses.ts';

/** A session requested for PNOEE-40504040001. */
export function aSession(): AuthenticationSession {
  return requestedSession();
}

export function aPreparedSession(): PreparedSession {
  const { sessionId: _, ...session } = requestedSession();
  return { session, verificationCode: '7180' };
}

/** An anonymous session that any person may answer, by QR code or app link. */
export function aDeviceLinkSession(): AuthenticationSession {
  const { expectedIdentifier: _, ...session } = deviceLinkSession();
  return session;
}

export function aPreparedDeviceLink(): PreparedSession {
  const { sessionId: _, deviceLink, ...session } = aDeviceLinkSession();
  return { session, initialCallbackUrl: deviceLink?.initialCallbackUrl };
}

/** A verified authentication; it can only be obtained by verification. */
export async function aVerifiedAuthentication(
  options: ExchangeOptions = {},
): Promise<VerifiedAuthentication> {
  return verified(exchange(options));
}

/** The person of a verified authentication, as in a login. */
export async function anAuthenticatedPerson(options: ExchangeOptions = {}): Promise<AuthenticatedPerson> {
  return authenticatedPersonOf(await aVerifiedAuthentication(options));
}

/** The response does not match the schema, so it is not verified. */
export class MalformedAnswer extends Error {
  readonly code = 'response_malformed';
}

/**
 * Parses and verifies a response.
 *
 * @throws MalformedAnswer, PkiError if the trust store is not valid, and the errors of verification
 */
export async function verified(
  given: Exchange | ExchangeV2,
  now = testPki.now,
): Promise<VerifiedAuthentication> {
  return verifiedWith(trustStoreOf(given.trust), given, now);
}

/** The same with an existing trust store. */
export async function verifiedWith(
  trust: TrustStore,
  given: Exchange | ExchangeV2,
  now = testPki.now,
): Promise<VerifiedAuthentication> {
  const body = given.body ?? JSON.stringify(given.answer);
  const context = { trust, revocation: given.revocation ?? 'off', levelOfIssuer: levelOfTestIssuer, now };
  if (given.apiVersion === '2') {
    return verifyAuthenticationV2(read(sessionStatusV2Schema, body), given.session, context);
  }
  const { callback } = given;
  return verifyAuthentication(read(sessionStatusSchema, body), given.session, { ...context, callback });
}

/** As of Smart-ID's known CAs: one level a CA. */
export function levelOfTestIssuer(fingerprint: string): CertificateLevel | undefined {
  return levels.get(fingerprint);
}

const levels = new Map<string, CertificateLevel>([
  [parseCertificate(testPki.issuing.certificate).fingerprint, 'QUALIFIED'],
  [parseCertificate(testPki.nonQualifiedIssuing.certificate).fingerprint, 'ADVANCED'],
]);

function read<T>(schema: z.ZodType<T>, body: string): T {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (cause) {
    throw new MalformedAnswer('not JSON', { cause });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new MalformedAnswer('schema violation');
  return parsed.data;
}

/** Made once for the same certificates; a store does not change. */
export function trustStoreOf({ anchors, intermediates }: Exchange['trust']): TrustStore {
  const key = hash('sha256', Buffer.concat([...anchors, Buffer.of(0), ...intermediates]));
  const store =
    stores.get(key) ??
    createTrustStore({
      anchors: anchors.map((der) => parseCertificate(der)),
      intermediates: intermediates.map((der) => parseCertificate(der)),
    });
  stores.set(key, store);
  return store;
}

const stores = new Map<string, TrustStore>();
