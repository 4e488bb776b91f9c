import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { PkiError, type PkiErrorCode } from '../../../src/pki/errors.ts';
import { validatePath, type VerifiedPath } from '../../../src/pki/path-validation.ts';
import {
  createRevocationCheck,
  type RevocationPolicy,
  type RevocationReport,
} from '../../../src/pki/revocation/revocation.ts';
import { createTrustStore } from '../../../src/pki/trust-store.ts';
import {
  authenticationTemplate,
  createTestPki,
  issueAuthentication,
  issueCa,
  issued,
} from '../../support/certificates/certificates.ts';
import { ecKeyPair, signatureAlgorithms } from '../../support/certificates/certificate-encoding.ts';
import * as crlDefects from '../../support/revocation/crl-defects.ts';
import * as ocspDefects from '../../support/revocation/ocsp-defects.ts';
import { revocationService, type RevocationService } from '../../support/revocation/revocation-service.ts';

const pki = createTestPki();
const person = issueAuthentication(pki);
const certificates = (...ders: Buffer[]) => ders.map((der) => parseCertificate(der));

/** A path through the issuing CA to the root, or to the issuing CA as the anchor. */
function pathTo(anchor: 'root' | 'issuing', certificate = person.certificate): VerifiedPath {
  const trust =
    anchor === 'root'
      ? { anchors: certificates(pki.root.certificate), intermediates: certificates(pki.issuing.certificate) }
      : { anchors: certificates(pki.issuing.certificate) };
  return validatePath(parseCertificate(certificate), createTrustStore(trust), pki.now);
}

interface Setting {
  readonly service: RevocationService;
  readonly reports: RevocationReport[];
  /** Sets the clock, in milliseconds after the PKI's now. */
  readonly later: (ms: number) => void;
  /** The error code, or `accepted`. */
  readonly check: (path?: VerifiedPath) => Promise<PkiErrorCode | 'accepted'>;
}

function setting(policy: RevocationPolicy = 'required'): Setting {
  let at = pki.now;
  const now = () => at;
  const service = revocationService(pki, person.certificate, now);
  const reports: RevocationReport[] = [];
  const revocation = createRevocationCheck({
    policy,
    fetch: (request) => service.fetch(request),
    randomBytes,
    now,
    report: (report) => reports.push(report),
  });
  return {
    service,
    reports,
    later(ms) {
      at = new Date(pki.now.getTime() + ms);
    },
    async check(path = pathTo('issuing')) {
      try {
        await revocation(path);
        return 'accepted';
      } catch (error) {
        if (error instanceof PkiError) return error.code;
        throw error;
      }
    },
  };
}

const codes = (reports: readonly RevocationReport[]) =>
  reports.map((report) => (report.kind === 'source_failed' ? report.code : report.kind));

for (const policy of ['required', 'best-effort'] as const) {
  describe(`with the policy ${policy}`, () => {
    it('a good certificate is accepted after a request to its OCSP responder only', async () => {
      const { service, check, reports } = setting(policy);
      assert.equal(await check(), 'accepted');
      assert.deepEqual(service.requests, ['ocsp eid-q']);
      assert.deepEqual(reports, []);
    });

    it('a revoked certificate is refused, and no list is read', async () => {
      const { service, check } = setting(policy);
      service.ocsp['eid-q'] = { status: 'revoked' };
      assert.equal(await check(), 'certificate_revoked');
      assert.deepEqual(service.requests, ['ocsp eid-q']);
    });

    it('the list is used if the responder does not answer', async () => {
      const { service, check, reports } = setting(policy);
      service.ocsp['eid-q'] = 'timed_out';
      assert.equal(await check(), 'accepted');
      assert.deepEqual(codes(reports), ['timed_out']);
      const revoked = setting(policy);
      revoked.service.ocsp['eid-q'] = 'timed_out';
      revoked.service.crl['eid-q'] = { revoked: [person.certificate] };
      assert.equal(await revoked.check(), 'certificate_revoked');
    });

    it('an issuing CA under the anchor is checked too', async () => {
      const { service, check } = setting(policy);
      assert.equal(await check(pathTo('root')), 'accepted');
      assert.deepEqual(service.requests.toSorted(), ['ocsp eid-q', 'ocsp root']);
      service.ocsp.root = { status: 'revoked' };
      const other = setting(policy);
      other.service.ocsp.root = { status: 'revoked' };
      assert.equal(await other.check(pathTo('root')), 'issuer_revoked');
    });

    it('an issuing CA is looked up in the list of its root', async () => {
      const { service, check } = setting(policy);
      service.ocsp.root = 'status_unexpected';
      service.crl.root = { revoked: [pki.issuing.certificate] };
      assert.equal(await check(pathTo('root')), 'issuer_revoked');
    });

    it('the trust anchor is not checked', async () => {
      const { service, check } = setting(policy);
      service.ocsp.root = { status: 'revoked' };
      assert.equal(await check(pathTo('issuing')), 'accepted');
    });

    it('the list is used if the response is invalid', async () => {
      for (const defect of [ocspDefects.otherNonce, ocspDefects.personAsResponder, ocspDefects.notDer]) {
        const { service, check, reports } = setting(policy);
        service.ocsp['eid-q'] = defect;
        service.crl['eid-q'] = { revoked: [person.certificate] };
        assert.equal(await check(), 'certificate_revoked');
        assert.equal(reports.length, 1);
      }
    });
  });
}

describe('an answer that is required', () => {
  it('is missing if no source answers: the certificate is refused', async () => {
    const { service, check, reports } = setting();
    service.ocsp['eid-q'] = 'timed_out';
    service.crl['eid-q'] = 'connection_failed';
    assert.equal(await check(), 'revocation_unavailable');
    assert.deepEqual(codes(reports), ['timed_out', 'connection_failed']);
  });

  it('is missing if the list is invalid: the certificate is refused', async () => {
    for (const defect of [crlDefects.stale, crlDefects.wrongKey, crlDefects.delta, crlDefects.ofTheRoot]) {
      const { service, check } = setting();
      service.ocsp['eid-q'] = ocspDefects.tryLater;
      service.crl['eid-q'] = defect;
      assert.equal(await check(), 'revocation_unavailable', defect.name);
    }
  });

  it('is missing for the issuing CA: the certificate is refused', async () => {
    const { service, check } = setting();
    service.ocsp.root = 'timed_out';
    service.crl.root = crlDefects.stale;
    assert.equal(await check(pathTo('root')), 'revocation_unavailable');
  });

  it('is unknown: the certificate is refused, without a request for the list', async () => {
    const { service, check } = setting();
    service.ocsp['eid-q'] = { status: 'unknown' };
    assert.equal(await check(), 'revocation_unknown');
    assert.deepEqual(service.requests, ['ocsp eid-q']);
  });

  it('is missing for a certificate without an address: it is refused', async () => {
    const { extensions, ...template } = authenticationTemplate(pki);
    const addresses = ['1.3.6.1.5.5.7.1.1', '2.5.29.31'];
    const without = extensions.filter(({ extnID }) => !addresses.includes(extnID));
    const silent = issued(pki, { ...template, extensions: without });
    const { service, check, reports } = setting();
    assert.equal(await check(pathTo('issuing', silent.certificate)), 'revocation_unavailable');
    assert.deepEqual(codes(reports), ['no_address', 'no_address']);
    assert.deepEqual(service.requests, []);
  });

  it('is missing under a revoked CA: the error is that of the CA', async () => {
    const { service, check } = setting();
    service.ocsp['eid-q'] = 'timed_out';
    service.crl['eid-q'] = 'timed_out';
    service.ocsp.root = { status: 'revoked' };
    assert.equal(await check(pathTo('root')), 'issuer_revoked');
  });
});

describe('a best-effort answer', () => {
  it('can be missing: the certificate is accepted, and that is reported', async () => {
    const { service, check, reports } = setting('best-effort');
    service.ocsp['eid-q'] = 'timed_out';
    service.crl['eid-q'] = 'connection_failed';
    assert.equal(await check(), 'accepted');
    assert.deepEqual(codes(reports), ['timed_out', 'connection_failed', 'unchecked']);
  });

  it('can be unknown: the certificate is accepted, and that is reported', async () => {
    const { service, check, reports } = setting('best-effort');
    service.ocsp['eid-q'] = { status: 'unknown' };
    assert.equal(await check(), 'accepted');
    assert.deepEqual(codes(reports), ['unchecked']);
  });

  it('is reported once for each login, even if several certificates are unchecked', async () => {
    const { service, check, reports } = setting('best-effort');
    service.ocsp['eid-q'] = { status: 'unknown' };
    service.ocsp.root = { status: 'unknown' };
    assert.equal(await check(pathTo('root')), 'accepted');
    assert.deepEqual(codes(reports), ['unchecked']);
  });
});

describe('the cache', () => {
  const HOUR = 3_600_000;

  it('does not store the status of a person’s certificate', async () => {
    const { service, check } = setting();
    assert.equal(await check(), 'accepted');
    service.ocsp['eid-q'] = { status: 'revoked' };
    assert.equal(await check(), 'certificate_revoked');
  });

  it('stores the good status of an issuing CA for an hour', async () => {
    const { service, check, later } = setting();
    assert.equal(await check(pathTo('root')), 'accepted');
    service.ocsp.root = { status: 'revoked' };
    later(HOUR - 1);
    assert.equal(await check(pathTo('root')), 'accepted');
    later(HOUR);
    assert.equal(await check(pathTo('root')), 'issuer_revoked');
  });

  it('stores the good status from the list of the root, and does not request the responder meanwhile', async () => {
    const { service, check, later } = setting();
    service.ocsp.root = 'timed_out';
    assert.equal(await check(pathTo('root')), 'accepted');
    later(HOUR - 1);
    assert.equal(await check(pathTo('root')), 'accepted');
    assert.equal(service.requests.filter((request) => request === 'ocsp root').length, 1);
    later(HOUR);
    service.ocsp.root = { status: 'revoked' };
    assert.equal(await check(pathTo('root')), 'issuer_revoked');
  });

  it('does not store a status beyond its nextUpdate', async () => {
    const { service, check, later } = setting();
    service.ocsp.root = { nextUpdate: new Date(pki.now.getTime() + HOUR / 2) };
    assert.equal(await check(pathTo('root')), 'accepted');
    service.ocsp.root = { status: 'revoked' };
    later(HOUR / 2);
    assert.equal(await check(pathTo('root')), 'issuer_revoked');
  });

  it('does not store that an issuing CA is revoked: the root can correct a mistake', async () => {
    const { service, check } = setting();
    service.ocsp.root = { status: 'revoked' };
    assert.equal(await check(pathTo('root')), 'issuer_revoked');
    service.ocsp.root = {};
    assert.equal(await check(pathTo('root')), 'accepted');
  });

  it('stores a list until its nextUpdate', async () => {
    const { service, check, later } = setting();
    service.ocsp['eid-q'] = 'timed_out';
    for (const hours of [0, 1, 11]) {
      later(hours * HOUR);
      assert.equal(await check(), 'accepted');
    }
    assert.equal(service.requests.filter((request) => request === 'crl eid-q').length, 1);
    later(12 * HOUR);
    service.crl['eid-q'] = { revoked: [person.certificate] };
    assert.equal(await check(), 'certificate_revoked');
    assert.equal(service.requests.filter((request) => request === 'crl eid-q').length, 2);
  });

  it('shares one download of a list between concurrent checks', async () => {
    const { service, check } = setting();
    service.ocsp['eid-q'] = 'timed_out';
    const results = await Promise.all(Array.from({ length: 20 }, () => check()));
    assert.deepEqual(new Set(results), new Set(['accepted']));
    assert.equal(service.requests.filter((request) => request === 'crl eid-q').length, 1);
  });

  it('does not store a failed download', async () => {
    const { service, check } = setting();
    service.ocsp['eid-q'] = 'timed_out';
    service.crl['eid-q'] = 'timed_out';
    assert.equal(await check(), 'revocation_unavailable');
    service.crl['eid-q'] = {};
    assert.equal(await check(), 'accepted');
  });

  it('does not use an expired list if no newer one is available', async () => {
    const { service, check, later } = setting();
    service.ocsp['eid-q'] = 'timed_out';
    assert.equal(await check(), 'accepted');
    later(13 * HOUR);
    service.crl['eid-q'] = 'timed_out';
    assert.equal(await check(), 'revocation_unavailable');
  });

  it('does not use the list of a CA for another CA with the same name', async () => {
    const namesake = issueCa(pki.now, {
      commonName: 'Sild test EID-Q',
      keys: ecKeyPair('P-384'),
      algorithm: signatureAlgorithms.ecdsaWithSha384,
      issuer: pki.root,
    });
    const { service, check } = setting();
    service.ocsp['eid-q'] = 'timed_out';
    assert.equal(await check(), 'accepted');
    const other = issueAuthentication({ ...pki, issuing: namesake });
    const trust = createTrustStore({ anchors: certificates(namesake.certificate) });
    const path = validatePath(parseCertificate(other.certificate), trust, pki.now);
    assert.equal(await check(path), 'revocation_unavailable');
  });
});

describe('an OCSP request', () => {
  it('has a new nonce each time', async () => {
    const nonces = new Set<string>();
    const { service } = setting();
    const revocation = createRevocationCheck({
      policy: 'required',
      fetch: (request) => {
        nonces.add(Buffer.from(request.ocspRequest ?? []).toString('hex'));
        return service.fetch(request);
      },
      randomBytes,
      now: () => pki.now,
      report: () => undefined,
    });
    for (let times = 0; times < 3; times += 1) await revocation(pathTo('issuing'));
    assert.equal(nonces.size, 3);
  });
});

describe('an unexpected error', () => {
  it('is not treated as a missing answer', async () => {
    const revocation = createRevocationCheck({
      policy: 'best-effort',
      fetch: () => Promise.reject(new TypeError('a defect')),
      randomBytes,
      now: () => pki.now,
      report: () => undefined,
    });
    await assert.rejects(revocation(pathTo('issuing')), TypeError);
  });
});
