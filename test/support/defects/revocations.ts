import { randomBytes } from 'node:crypto';
import { CRLReasons } from '@peculiar/asn1-x509';
import { createRevocationCheck, type RevocationPolicy } from '../../../src/pki/revocation/revocation.ts';
import { testPki } from '../answers/authentication-responses.ts';
import { issueAuthentication } from '../certificates/certificates.ts';
import { stale as staleList, wrongKey as listOfWrongKey } from '../revocation/crl-defects.ts';
import { crlTemplate, encodeCrl } from '../revocation/crls.ts';
import {
  otherNonce,
  stale as staleAnswer,
  wrongKey as answerOfWrongKey,
} from '../revocation/ocsp-defects.ts';
import { revocationService, type RevocationService } from '../revocation/revocation-service.ts';
import { type AnyOptions, type Defect, inEveryFlow } from './defect.ts';

/** Certificates of a trusted CA that are revoked, or whose revocation status is not available. */
export const revocationDefects: readonly Defect[] = inEveryFlow({
  'the OCSP response has the status revoked': [
    'certificate_revoked',
    () =>
      withRevocationCheck(({ ocsp }) => {
        ocsp['eid-q'] = { status: 'revoked' };
      }),
  ],
  'the OCSP response has the status revoked, with the policy best-effort': [
    'certificate_revoked',
    () =>
      withRevocationCheck(({ ocsp }) => {
        ocsp['eid-q'] = { status: 'revoked' };
      }, 'best-effort'),
  ],
  'the OCSP responder does not answer, and the CRL lists the certificate': [
    'certificate_revoked',
    () =>
      withRevocationCheck(({ ocsp, crl }, certificate) => {
        ocsp['eid-q'] = 'timed_out';
        crl['eid-q'] = { revoked: [certificate] };
      }),
  ],
  'the OCSP responder does not answer, and the CRL lists the certificate as on hold': [
    'certificate_revoked',
    () =>
      withRevocationCheck(({ ocsp, crl }, certificate) => {
        ocsp['eid-q'] = 'timed_out';
        const reason = CRLReasons.certificateHold;
        crl['eid-q'] = (pki) => encodeCrl(crlTemplate(pki, pki.issuing, { revoked: [certificate], reason }));
      }),
  ],
  'the OCSP response for the issuing CA has the status revoked': [
    'issuer_revoked',
    () =>
      withRevocationCheck(({ ocsp }) => {
        ocsp.root = { status: 'revoked' };
      }),
  ],
  'the CRL of the root lists the issuing CA': [
    'issuer_revoked',
    () =>
      withRevocationCheck(({ ocsp, crl }) => {
        ocsp.root = 'connection_failed';
        crl.root = { revoked: [testPki.issuing.certificate] };
      }),
  ],
  'the OCSP response has the status unknown': [
    'revocation_unknown',
    () =>
      withRevocationCheck(({ ocsp }) => {
        ocsp['eid-q'] = { status: 'unknown' };
      }),
  ],
  'neither OCSP nor CRL is available': [
    'revocation_unavailable',
    () =>
      withRevocationCheck(({ ocsp, crl }) => {
        ocsp['eid-q'] = 'timed_out';
        crl['eid-q'] = 'status_unexpected';
      }),
  ],
  'neither OCSP nor CRL is available for the issuing CA': [
    'revocation_unavailable',
    () =>
      withRevocationCheck(({ ocsp, crl }) => {
        ocsp.root = 'timed_out';
        crl.root = 'timed_out';
      }),
  ],
  'the OCSP response and the CRL are signed by another key': [
    'revocation_unavailable',
    () =>
      withRevocationCheck(({ ocsp, crl }) => {
        ocsp['eid-q'] = answerOfWrongKey;
        crl['eid-q'] = listOfWrongKey;
      }),
  ],
  'the OCSP response and the CRL are outdated': [
    'revocation_unavailable',
    () =>
      withRevocationCheck(({ ocsp, crl }) => {
        ocsp['eid-q'] = staleAnswer;
        crl['eid-q'] = staleList;
      }),
  ],
  'the OCSP response has the nonce of another request': [
    'revocation_unavailable',
    () =>
      withRevocationCheck(({ ocsp, crl }) => {
        ocsp['eid-q'] = otherNonce;
        crl['eid-q'] = 'timed_out';
      }),
  ],
});

/** An account with a revocation check: the CAs return good, except for what the options change. */
export function withRevocationCheck(
  configure: (service: RevocationService, certificate: Buffer) => void = () => undefined,
  policy: RevocationPolicy = 'required',
  now = testPki.now,
): AnyOptions {
  const issued = issueAuthentication(testPki);
  const service = revocationService(testPki, issued.certificate);
  configure(service, issued.certificate);
  const revocation = createRevocationCheck({
    policy,
    fetch: (request) => service.fetch(request),
    randomBytes,
    now: () => now,
    report: () => undefined,
  });
  return { issued, revocation };
}
