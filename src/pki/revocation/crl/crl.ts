import {
  id_ce_deltaCRLIndicator as DELTA,
  id_ce_issuingDistributionPoint as SCOPE,
} from '@peculiar/asn1-x509';
import type { CertificateContents } from '../../certificate.ts';
import { signatureBy } from '../../checks/signature.ts';
import { malformed } from '../../der/der.ts';
import type { Extension } from '../../extensions.ts';
import { hasEntry, requireEntries } from './crl-entries.ts';
import { type CrlLayout, readCrlLayout } from './crl-layout.ts';
import { type CrlScope, readCrlScope, requireInScope } from './crl-scope.ts';
import { RevocationSourceError, under } from '../errors.ts';
import { outside } from '../update-window.ts';

declare const verified: unique symbol;

/** A revocation list that its CA has signed, complete for its scope. Only `verifyCrl` returns this type. */
export interface VerifiedCrl {
  readonly [verified]: true;
  /** The latest time at which the CA publishes the next list. */
  readonly nextUpdate: Date;
  readonly scope: CrlScope;
  readonly entries: Uint8Array;
  /** The whole list, in DER, of which `entries` is a part. */
  readonly bytes: Uint8Array;
}

/** Enough for more than half a million entries; parsing that takes a third of a second. */
export const MAX_CRL_BYTES = 32 * 1024 * 1024;

/**
 * Verifies a complete revocation list of a CA. (RFC 5280 6.3.3)
 *
 * Delta lists and indirect lists are refused: a delta list is incomplete without its base, an indirect list covers other
 * issuers, and no Smart-ID CA publishes either kind.
 *
 * @param bytes a CertificateList in DER, without further bytes
 * @param issuer an already trusted CA
 * @throws RevocationSourceError with a `crl_…` code if a check fails
 */
export function verifyCrl(bytes: Uint8Array, issuer: CertificateContents, at: Date): VerifiedCrl {
  const layout = under('crl_malformed', () => {
    if (bytes.length > MAX_CRL_BYTES) throw malformed('larger than 32 MiB');
    return readCrlLayout(bytes);
  });
  requireIssuer(layout, issuer);
  under('crl_signature_invalid', () => {
    signatureBy(issuer, layout.signature);
  });
  requireComplete(layout.extensions);
  const scope = under('crl_malformed', () => readCrlScope(layout.extensions));
  under('crl_malformed', () => {
    requireEntries(layout.entries);
  });
  const problem = outside(layout, at);
  if (problem) throw new RevocationSourceError(`crl_${problem}`, 'the list is not of this time');
  const { nextUpdate, entries } = layout;
  return { nextUpdate, scope, entries, bytes } as VerifiedCrl;
}

/**
 * Whether a certificate of the list's issuer is on it.
 *
 * @throws RevocationSourceError crl_out_of_scope if the list does not cover the certificate
 */
export function isListed({ scope, entries }: VerifiedCrl, certificate: CertificateContents): boolean {
  requireInScope(scope, certificate);
  return hasEntry(entries, certificate.serialNumber);
}

function requireIssuer(
  { issuer: name, authorityKeyIdentifier: key }: CrlLayout,
  issuer: CertificateContents,
): void {
  const expected = issuer.subjectKeyIdentifier;
  const hasOtherKey = key !== undefined && expected !== undefined && key !== expected;
  if (Buffer.compare(name.bytes, issuer.subject.der) !== 0 || hasOtherKey) {
    throw new RevocationSourceError('crl_other_issuer', 'the list is of another CA');
  }
  if (!issuer.keyUsage?.has('cRLSign')) {
    throw new RevocationSourceError('crl_issuer_may_not_sign', 'the CA has no key usage cRLSign');
  }
}

/** RFC 5280 5.2: an unknown critical extension makes the list unusable. */
function requireComplete(extensions: ReadonlyMap<string, Extension>): void {
  if (extensions.has(DELTA)) throw new RevocationSourceError('crl_delta', 'a list of changes alone');
  for (const [oid, { critical }] of extensions) {
    if (critical && oid !== SCOPE) {
      throw new RevocationSourceError(
        'crl_critical_extension',
        `critical extension ${oid} is not understood`,
      );
    }
  }
}
