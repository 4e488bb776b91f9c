import type { IssuingAuthority } from './certificate-authority.ts';
import type { IssuedCertificates } from './issued-certificates.ts';
import type { CaSlug } from './publication-addresses.ts';
import type { Revocation } from './revocation.ts';

/** A CA that publishes the revocation status of its certificates. */
export interface PublishingAuthority {
  readonly slug: CaSlug;
  readonly issuer: IssuingAuthority;
  readonly issued: IssuedCertificates;
  readonly revocation: Revocation;
  readonly now: () => Date;
}

/** A defect of a response: two days old, or signed by a key without a certificate. */
export type Defect = 'stale' | 'wrong-key' | undefined;

const DAY_MS = 86_400_000;
/** Short, so that clients that cache a response notice a change soon. */
const LIFETIME_MS = 60_000;

/** The validity of a response that is made now, in whole seconds. */
export function validityOf(now: Date, defect: Defect): { thisUpdate: Date; nextUpdate: Date } {
  const made = defect === 'stale' ? now.getTime() - 2 * DAY_MS : now.getTime();
  const thisUpdate = new Date(Math.floor(made / 1000) * 1000);
  return { thisUpdate, nextUpdate: new Date(thisUpdate.getTime() + LIFETIME_MS) };
}
