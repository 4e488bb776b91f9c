import { AsnConvert } from '@peculiar/asn1-schema';
import { id_ce_issuingDistributionPoint, IssuingDistributionPoint } from '@peculiar/asn1-x509';
import type { CertificateContents } from '../../certificate.ts';
import { readSequence, requireOrdered } from '../../der/der.ts';
import type { Extension } from '../../extensions.ts';
import { RevocationSourceError } from '../errors.ts';

/** The tags of IssuingDistributionPoint: distributionPoint, then onlyContainsUserCerts to onlyContainsAttributeCerts. */
const PARTS = [0xa0, 0x81, 0x82, 0x83, 0x84, 0x85];

/** The certificates of its issuer that a list covers. */
export interface CrlScope {
  /** The certificate must contain one of these addresses; undefined: any. */
  readonly urls: readonly string[] | undefined;
  readonly only: 'ca' | 'end_entity' | undefined;
}

/**
 * Reads the scope of a list. A list that covers other issuers, only some reasons, or attribute certificates cannot prove that
 * a certificate is not revoked, so it is refused. (RFC 5280 5.2.5)
 *
 * @throws RevocationSourceError crl_indirect, crl_out_of_scope
 */
export function readCrlScope(extensions: ReadonlyMap<string, Extension>): CrlScope {
  const extension = extensions.get(id_ce_issuingDistributionPoint);
  if (!extension) return { urls: undefined, only: undefined };
  // The general parser ignores values that the type does not have.
  requireOrdered(readSequence(extension.value), PARTS);
  const point = AsnConvert.parse(extension.value, IssuingDistributionPoint);
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

/** @throws RevocationSourceError crl_out_of_scope if the list does not cover this certificate */
export function requireInScope({ urls, only }: CrlScope, certificate: CertificateContents): void {
  const kind = certificate.basicConstraints?.ca ? 'ca' : 'end_entity';
  const named = urls === undefined || urls.some((url) => certificate.crlUrls.includes(url));
  if (!named || (only !== undefined && only !== kind)) throw outOfScope();
}

function outOfScope(): RevocationSourceError {
  return new RevocationSourceError('crl_out_of_scope', 'the list is not about such certificates');
}
