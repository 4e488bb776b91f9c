/**
 * What the simulator's certificates point to: the issuer's certificate, its CRL, its OCSP responder.
 *
 * As with SK's demo, accounts are not registered with the OCSP responder: it says that it cannot answer for them.
 */
import 'reflect-metadata';
import Router from '@koa/router';
import { AsnConvert } from '@peculiar/asn1-schema';
import { CRLNumber, id_ce_cRLNumber } from '@peculiar/asn1-x509';
import { AuthorityKeyIdentifierExtension, Extension, X509CrlGenerator } from '@peculiar/x509';
import type { Publications } from './account-certificate.ts';
import type { CertificateLevel } from './accounts.ts';
import { CA_ALGORITHM, type CertificateAuthority, type IssuingAuthority } from './certificate-authority.ts';

const SLUGS: Readonly<Record<CertificateLevel, string>> = { QUALIFIED: 'eid-q', ADVANCED: 'eid-nq' };
const CRL_LIFETIME_MS = 86_400_000;
/** An OCSPResponse with responseStatus unauthorized (6) and nothing else. (RFC 6960, 2.3) */
const OCSP_UNAUTHORIZED = Buffer.from([0x30, 0x03, 0x0a, 0x01, 0x06]);

/** The addresses for certificates of a level, under the simulator's own address (with its last slash). */
export function publicationsAt(publicUrl: string, level: CertificateLevel): Publications {
  const at = (path: string) => new URL(path, publicUrl).href;
  return {
    issuerCertificate: at(`ca/${SLUGS[level]}.der.crt`),
    ocsp: at(`ocsp/${SLUGS[level]}`),
    crl: at(`ca/${SLUGS[level]}.crl`),
    practiceStatement: at('/'),
  };
}

export function publicationRoutes(authority: CertificateAuthority, now: () => Date): Router {
  const router = new Router();
  const authorities = [
    ['root', authority.root],
    [SLUGS.QUALIFIED, authority.issuing.QUALIFIED],
    [SLUGS.ADVANCED, authority.issuing.ADVANCED],
  ] as const;
  for (const [slug, issuer] of authorities) {
    router.get(`/ca/${slug}.der.crt`, (ctx) => {
      ctx.type = 'application/pkix-cert';
      ctx.body = Buffer.from(issuer.certificate.rawData);
    });
    router.get(`/ca/${slug}.crl`, async (ctx) => {
      ctx.type = 'application/pkix-crl';
      ctx.body = await emptyCrl(issuer, now());
    });
    router.all([`/ocsp/${slug}`, `/ocsp/${slug}/{*request}`], (ctx) => {
      ctx.type = 'application/ocsp-response';
      ctx.body = OCSP_UNAUTHORIZED;
    });
  }
  return router;
}

async function emptyCrl(issuer: IssuingAuthority, now: Date): Promise<Buffer> {
  const crl = await X509CrlGenerator.create({
    issuer: issuer.certificate.subjectName,
    thisUpdate: now,
    nextUpdate: new Date(now.getTime() + CRL_LIFETIME_MS),
    signingAlgorithm: CA_ALGORITHM,
    signingKey: issuer.signingKey,
    extensions: [
      await AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey),
      // Seconds of the clock: a number that only grows.
      new Extension(
        id_ce_cRLNumber,
        false,
        AsnConvert.serialize(new CRLNumber(Math.floor(now.getTime() / 1000))),
      ),
    ],
  });
  return Buffer.from(crl.rawData);
}
