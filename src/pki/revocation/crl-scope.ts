import { AsnConvert } from '@peculiar/asn1-schema';
import { id_ce_issuingDistributionPoint, IssuingDistributionPoint } from '@peculiar/asn1-x509';
import type { Extension } from '@peculiar/asn1-x509';
import type { CertificateContents } from '../certificate.ts';
import { readDer } from '../der.ts';
import { RevocationSourceError } from './errors.ts';

/** Which certificates of its issuer a list is about, where it is not all of them. */
export interface CrlScope {
  /** Addresses that the certificate has to name one of; absent: any. */
  readonly urls: readonly string[] | undefined;
  readonly only: 'ca' | 'end_entity' | undefined;
}

/**
 * Reads what a list says of its scope. One that is about other issuers' certificates, about some reasons or about
 * attribute certificates is not one that can tell that a certificate is good. (RFC 5280 5.2.5)
 *
 * @throws RevocationSourceError crl_indirect, crl_out_of_scope
 */
export function readCrlScope(extensions: ReadonlyMap<string, Extension>): CrlScope {
  const extension = extensions.get(id_ce_issuingDistributionPoint);
  if (!extension) return { urls: undefined, only: undefined };
  readDer(new Uint8Array(extension.extnValue.buffer));
  const point = AsnConvert.parse(extension.extnValue.buffer, IssuingDistributionPoint);
  if (point.indirectCRL) {
    throw new RevocationSourceError('crl_indirect', 'the list is about other issuers’ certificates as well');
  }
  const { distributionPoint, onlyContainsCACerts, onlyContainsUserCerts } = point;
  const nameless = distributionPoint !== undefined && distributionPoint.fullName === undefined;
  if (nameless || point.onlySomeReasons !== undefined || point.onlyContainsAttributeCerts) {
    throw outOfScope();
  }
  if (onlyContainsCACerts && onlyContainsUserCerts) throw outOfScope();
  return {
    urls: distributionPoint?.fullName?.flatMap(({ uniformResourceIdentifier: url }) => url ?? []),
    only: onlyContainsCACerts ? 'ca' : onlyContainsUserCerts ? 'end_entity' : undefined,
  };
}

/** @throws RevocationSourceError crl_out_of_scope where the list is about other certificates than this one */
export function requireInScope({ urls, only }: CrlScope, certificate: CertificateContents): void {
  const kind = certificate.basicConstraints?.ca ? 'ca' : 'end_entity';
  const named = urls === undefined || urls.some((url) => certificate.crlUrls.includes(url));
  if (!named || (only !== undefined && only !== kind)) throw outOfScope();
}

function outOfScope(): RevocationSourceError {
  return new RevocationSourceError('crl_out_of_scope', 'the list is not about such certificates');
}
