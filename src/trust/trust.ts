/**
 * Whom Sild believes when a certificate says who somebody is: the CAs of Smart-ID in the operator's TRUST_DIR, each held
 * against the fingerprints that are known of its environment.
 *
 *   TRUST_DIR ─ inspection: every file, every certificate ─ classifyAuthority: by its fingerprint ─▶ Authority, or a problem
 *   Authorities ─ pki/trust-store-building ─▶ TrustStore          a problem, or nobody to trust: no start
 *
 * `sild trust add` and `fetch` put certificates there by the same judgement, so that what they keep can be started with.
 */
import { parseCertificate } from '../pki/certificate.ts';
import { buildTrustStore } from '../pki/trust-store-building.ts';
import type { TrustStore } from '../pki/trust-store.ts';
import { type Authority, nameOf } from './authority.ts';
import { inspectTrust } from './inspection.ts';
import type { TrustSettings } from './settings.ts';

export type { Authority } from './authority.ts';
export type { TrustSettings } from './settings.ts';

export interface Trust {
  readonly store: TrustStore;
  /** Every CA in it, anchors and intermediates. */
  readonly authorities: readonly Pick<Authority, 'certificate' | 'name'>[];
}

/** Nobody can be trusted as the operator's directory is. */
export class TrustError extends Error {
  /** A sentence each. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'TrustError';
    this.problems = problems;
  }
}

/** @throws TrustError with everything that is wrong with the trust directory */
export async function openTrust(settings: TrustSettings, now: Date): Promise<Trust> {
  const { authorities, problems } = await inspectTrust(settings, now);
  if (problems.length > 0) throw new TrustError(problems);
  return { store: buildTrustStore(authorities.map(({ certificate }) => certificate)), authorities };
}

/** The simulator's own CAs, for a Sild that runs with it. */
export function trustSimulator(anchors: readonly Uint8Array[]): Trust {
  const certificates = anchors.map((der) => parseCertificate(der));
  return {
    store: buildTrustStore(certificates),
    authorities: certificates.map((certificate) => ({ certificate, name: nameOf(certificate) })),
  };
}
