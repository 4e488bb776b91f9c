/**
 * The OCSP responders and CRLs of a test PKI, as a `RevocationFetch` with configurable responses. The signatures are real.
 */
import { OCSPRequest } from '@peculiar/asn1-ocsp';
import { AsnConvert } from '@peculiar/asn1-schema';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { RevocationSourceError, type RevocationSourceErrorCode } from '../../../src/pki/revocation/errors.ts';
import type { RevocationFetch } from '../../../src/pki/revocation/http.ts';
import type { TestCa, TestPki } from '../certificates/certificates.ts';
import { crlTemplate, encodeCrl } from './crls.ts';
import {
  type TestOcspRequest,
  encodeOcsp,
  type OcspOptions,
  ocspTemplate,
  ownResponder,
} from './ocsp-responses.ts';

/** The response, or the kind of failure. */
export type OcspBehaviour = OcspOptions | ((request: TestOcspRequest) => Buffer) | RevocationSourceErrorCode;
export type CrlBehaviour =
  | { readonly revoked?: readonly Uint8Array[]; readonly nextUpdate?: Date }
  | ((pki: TestPki) => Buffer)
  | RevocationSourceErrorCode;

export interface RevocationService {
  readonly fetch: RevocationFetch;
  /** The requests in order: `ocsp eid-q`, `crl root`. */
  readonly requests: string[];
  /** By responding CA. */
  readonly ocsp: Record<'eid-q' | 'root', OcspBehaviour>;
  readonly crl: Record<'eid-q' | 'root', CrlBehaviour>;
}

/** By default OCSP and CRLs return good for every certificate. */
export function revocationService(
  pki: TestPki,
  certificate: Uint8Array,
  now: () => Date = () => pki.now,
): RevocationService {
  const requests: string[] = [];
  const service: RevocationService = {
    fetch,
    requests,
    ocsp: { 'eid-q': {}, root: {} },
    crl: { 'eid-q': {}, root: {} },
  };
  const cas: Record<'eid-q' | 'root', { ca: TestCa; subject: Uint8Array }> = {
    'eid-q': { ca: pki.issuing, subject: certificate },
    root: { ca: pki.root, subject: pki.issuing.certificate },
  };
  return service;

  async function fetch({ url, ocspRequest }: Parameters<RevocationFetch>[0]): Promise<Uint8Array> {
    const slug = url.includes('root') ? 'root' : 'eid-q';
    requests.push(`${ocspRequest ? 'ocsp' : 'crl'} ${slug}`);
    return ocspRequest ? ocspOf(slug, ocspRequest) : crlOf(slug);
  }

  function ocspOf(slug: 'eid-q' | 'root', request: Uint8Array): Buffer {
    const behaviour = service.ocsp[slug];
    if (typeof behaviour === 'string') throw new RevocationSourceError(behaviour, 'refused by the test');
    const { ca, subject } = cas[slug];
    const question = {
      certificate: parseCertificate(subject),
      issuer: parseCertificate(ca.certificate),
      nonce: nonceOf(request),
    };
    const testRequest = { pki: { ...pki, now: now() }, ca, question };
    if (typeof behaviour === 'function') return behaviour(testRequest);
    return encodeOcsp(ocspTemplate(testRequest, { responder: ownResponder(ca), ...behaviour }));
  }

  function crlOf(slug: 'eid-q' | 'root'): Buffer {
    const behaviour = service.crl[slug];
    if (typeof behaviour === 'string') throw new RevocationSourceError(behaviour, 'refused by the test');
    if (typeof behaviour === 'function') return behaviour(pki);
    return encodeCrl(crlTemplate({ ...pki, now: now() }, cas[slug].ca, behaviour));
  }
}

function nonceOf(request: Uint8Array): Uint8Array {
  const { tbsRequest } = AsnConvert.parse(request, OCSPRequest);
  const [extension] = tbsRequest.requestExtensions ?? [];
  // Skip the tag and length of the inner OCTET STRING.
  return new Uint8Array(extension?.extnValue.buffer ?? new ArrayBuffer(0)).subarray(2);
}
