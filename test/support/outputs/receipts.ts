/** Receipts with real signatures, from exchanges that are genuine or have a defect. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { CompactSign, type JSONWebKeySet } from 'jose';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import type { RevocationEvidence } from '../../../src/pki/revocation/evidence.ts';
import { encodeOcspRequest } from '../../../src/pki/revocation/ocsp-request.ts';
import { type ReceiptPayload, RECEIPT_TYPE } from '../../../src/oidc/receipts/receipt-payload.ts';
import { verifyReceipt } from '../../../src/receipt/verify-receipt.ts';
import { MAX_LIST_BYTES, sha256Of } from '../../../src/smart-id/evidence/evidence.ts';
import type { EvidenceContext } from '../../../src/smart-id/evidence/verify-evidence.ts';
import { testPki } from '../answers/authentication-responses.ts';
import type { ExchangeV2 } from '../answers/authentication-responses-v2.ts';
import type { Exchange } from '../answers/authentication-responses.ts';
import { levelOfTestIssuer, trustStoreOf } from '../answers/authentications.ts';
import type { TestPki } from '../certificates/certificates.ts';
import { revocationService, type RevocationService } from '../revocation/revocation-service.ts';

export const RECEIPT_KID = 'key-of-the-tests';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const receiptKeys: JSONWebKeySet = {
  keys: [{ ...publicKey.export({ format: 'jwk' }), kty: 'RSA', alg: 'RS256', use: 'sig', kid: RECEIPT_KID }],
};

/** The evidence of an exchange, not verified. */
export function evidenceFrom(
  given: Exchange | ExchangeV2,
  revocation: readonly RevocationEvidence[] = [],
  verifiedAt = testPki.now,
) {
  const { sessionId: _, deviceLink, ...request } = given.session;
  const { sessionSecret, initialCallbackUrl } = deviceLink ?? {};
  return {
    rpApi: given.apiVersion,
    verifiedAt: verifiedAt.toISOString(),
    request: { ...request, ...(deviceLink && { deviceLink: { sessionSecret, initialCallbackUrl } }) },
    answer: given.body === undefined ? given.answer : (JSON.parse(given.body) as object),
    ...('callback' in given && given.callback && { callback: given.callback }),
    issuers: [],
    revocation: revocation.map((each) =>
      each.source === 'ocsp'
        ? {
            source: each.source,
            certificate: each.fingerprint,
            response: base64(each.response),
            nonce: base64(each.nonce),
            at: each.at.toISOString(),
          }
        : {
            source: each.source,
            certificate: each.fingerprint,
            sha256: sha256Of(each.list),
            ...(each.list.length <= MAX_LIST_BYTES && { list: base64(each.list) }),
          },
    ),
    notSigned: [],
  };
}

export function payloadFor(evidence: object, changes: Partial<ReceiptPayload> = {}): ReceiptPayload {
  const seconds = Math.floor(testPki.now.getTime() / 1000);
  return {
    iss: 'https://login.example.ee',
    aud: 'client',
    sub: 'PNOEE-40504040001',
    iat: seconds,
    jti: 'a-receipt',
    auth_time: seconds,
    sid: 'a-session',
    attempt: 'an-attempt',
    evidence: { ...evidence },
    ...changes,
  };
}

export function signedReceipt(
  payload: object,
  header: Record<string, string | undefined> = {},
): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ typ: RECEIPT_TYPE, alg: 'RS256', kid: RECEIPT_KID, ...header })
    .sign(privateKey);
}

/** Signs and verifies the receipt of an exchange. */
export async function verifiedReceipt(
  given: Exchange | ExchangeV2,
  context: Partial<EvidenceContext> = {},
  revocation: readonly RevocationEvidence[] = [],
) {
  return verifyReceipt(await signedReceipt(payloadFor(evidenceFrom(given, revocation))), {
    ...contextOf(given),
    ...context,
  });
}

export function contextOf(given: Pick<Exchange, 'trust'>) {
  return { keys: receiptKeys, trust: trustStoreOf(given.trust), levelOfIssuer: levelOfTestIssuer };
}

/**
 * What the CAs of a path answer about the person's certificate and about its issuing CA, recorded without a check.
 *
 * @param sources by which each is asked. Default: OCSP
 */
export async function recordedAnswers(
  certificate: Buffer,
  configure: (service: RevocationService) => void = () => undefined,
  sources: { readonly person?: 'ocsp' | 'crl'; readonly ca?: 'ocsp' | 'crl' } = {},
  pki: TestPki = testPki,
): Promise<RevocationEvidence[]> {
  const service = revocationService(pki, certificate);
  configure(service);
  return [
    await recordedAnswer(service, certificate, sources.person ?? 'ocsp', pki),
    await recordedAnswer(service, pki.issuing.certificate, sources.ca ?? 'ocsp', pki),
  ];
}

/** What its CA answers about one certificate. */
export async function recordedAnswer(
  service: RevocationService,
  subject: Buffer,
  source: 'ocsp' | 'crl',
  pki: TestPki = testPki,
): Promise<RevocationEvidence> {
  const issuer = subject === pki.issuing.certificate ? pki.root : pki.issuing;
  const asked = { certificate: parseCertificate(subject), issuer: parseCertificate(issuer.certificate) };
  const { fingerprint, crlUrls, ocspUrls } = asked.certificate;
  const request = { maxBytes: 1, timeoutMs: 1 };
  if (source === 'crl') {
    return { source, fingerprint, list: await service.fetch({ ...request, url: crlUrls[0] ?? '' }) };
  }
  const nonce = randomBytes(32);
  const ocspRequest = encodeOcspRequest({ ...asked, nonce });
  const response = await service.fetch({ ...request, url: ocspUrls[0] ?? '', ocspRequest });
  return { source, fingerprint, response, nonce, at: pki.now };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
