/**
 * The CAs whose certificates Sild accepts: those in the operator's TRUST_DIR whose fingerprints are known Smart-ID CAs of
 * the environment, or in TRUST_EXTRA_SHA256.
 *
 *   TRUST_DIR ─ inspection: every file, every certificate ─ classifyAuthority: by its fingerprint ─▶ Authority, or a problem
 *   Authorities ─ pki/trust-store-building ─▶ TrustStore          a problem, or no usable CA: Sild does not start
 *
 * `sild trust add` and `fetch` classify certificates in the same way, so that Sild can start with the ones they store.
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
  /** All CAs of the store, anchors and intermediates. */
  readonly authorities: readonly Pick<Authority, 'certificate' | 'name'>[];
}

/** The operator's trust directory has problems. */
export class TrustError extends Error {
  /** One sentence for each problem. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'TrustError';
    this.problems = problems;
  }
}

/** @throws TrustError with all problems of the trust directory */
export async function openTrust(settings: TrustSettings, now: Date): Promise<Trust> {
  const { authorities, problems } = await inspectTrust(settings, now);
  if (problems.length > 0) throw new TrustError(problems);
  return { store: buildTrustStore(authorities.map(({ certificate }) => certificate)), authorities };
}

/** Trusts the simulator's CAs, when Sild runs with the simulator. */
export function trustSimulator(anchors: readonly Uint8Array[]): Trust {
  const certificates = anchors.map((der) => parseCertificate(der));
  return {
    store: buildTrustStore(certificates),
    authorities: certificates.map((certificate) => ({ certificate, name: nameOf(certificate) })),
  };
}
