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
import { type AnyOptions, type Defect, inEveryWay } from './defect.ts';

/** Certificates of a trusted CA that are revoked, or whose revocation status is not available. */
export const revocationDefects: readonly Defect[] = inEveryWay({
  'its CA’s responder says that it is revoked': [
    'certificate_revoked',
    () =>
      asking(({ ocsp }) => {
        ocsp['eid-q'] = { status: 'revoked' };
      }),
  ],
  'its CA’s responder says that it is revoked, and no answer would do as well': [
    'certificate_revoked',
    () =>
      asking(({ ocsp }) => {
        ocsp['eid-q'] = { status: 'revoked' };
      }, 'best-effort'),
  ],
  'its CA’s responder is silent, and it is on the list': [
    'certificate_revoked',
    () =>
      asking(({ ocsp, crl }, certificate) => {
        ocsp['eid-q'] = 'timed_out';
        crl['eid-q'] = { revoked: [certificate] };
      }),
  ],
  'its CA’s responder is silent, and it is on hold': [
    'certificate_revoked',
    () =>
      asking(({ ocsp, crl }, certificate) => {
        ocsp['eid-q'] = 'timed_out';
        const reason = CRLReasons.certificateHold;
        crl['eid-q'] = (pki) => encodeCrl(crlTemplate(pki, pki.issuing, { revoked: [certificate], reason }));
      }),
  ],
  'the issuing CA is revoked': [
    'issuer_revoked',
    () =>
      asking(({ ocsp }) => {
        ocsp.root = { status: 'revoked' };
      }),
  ],
  'the issuing CA is on the list of the root': [
    'issuer_revoked',
    () =>
      asking(({ ocsp, crl }) => {
        ocsp.root = 'connection_failed';
        crl.root = { revoked: [testPki.issuing.certificate] };
      }),
  ],
  'its CA does not know of having issued it': [
    'revocation_unknown',
    () =>
      asking(({ ocsp }) => {
        ocsp['eid-q'] = { status: 'unknown' };
      }),
  ],
  'nobody says whether it is revoked': [
    'revocation_unavailable',
    () =>
      asking(({ ocsp, crl }) => {
        ocsp['eid-q'] = 'timed_out';
        crl['eid-q'] = 'status_unexpected';
      }),
  ],
  'nobody says whether the issuing CA is revoked': [
    'revocation_unavailable',
    () =>
      asking(({ ocsp, crl }) => {
        ocsp.root = 'timed_out';
        crl.root = 'timed_out';
      }),
  ],
  'whoever says that it is good is somebody else': [
    'revocation_unavailable',
    () =>
      asking(({ ocsp, crl }) => {
        ocsp['eid-q'] = answerOfWrongKey;
        crl['eid-q'] = listOfWrongKey;
      }),
  ],
  'what says that it is good is of long ago': [
    'revocation_unavailable',
    () =>
      asking(({ ocsp, crl }) => {
        ocsp['eid-q'] = staleAnswer;
        crl['eid-q'] = staleList;
      }),
  ],
  'what says that it is good was said to somebody else': [
    'revocation_unavailable',
    () =>
      asking(({ ocsp, crl }) => {
        ocsp['eid-q'] = otherNonce;
        crl['eid-q'] = 'timed_out';
      }),
  ],
});

/** An account with a revocation check: the CAs return good, except for what the options change. */
export function asking(
  tell: (service: RevocationService, certificate: Buffer) => void = () => undefined,
  policy: RevocationPolicy = 'required',
  now = testPki.now,
): AnyOptions {
  const issued = issueAuthentication(testPki);
  const service = revocationService(testPki, issued.certificate);
  tell(service, issued.certificate);
  const revocation = createRevocationCheck({
    policy,
    fetch: (request) => service.fetch(request),
    randomBytes,
    now: () => now,
    report: () => undefined,
  });
  return { issued, revocation };
}
