import type { IssuingAuthority } from './certificate-authority.ts';
import type { IssuedCertificates } from './issued-certificates.ts';
import type { CaSlug } from './publication-addresses.ts';
import type { Revocation } from './revocation.ts';

/** A CA that says which of its certificates are revoked. */
export interface PublishingAuthority {
  readonly slug: CaSlug;
  readonly issuer: IssuingAuthority;
  readonly issued: IssuedCertificates;
  readonly revocation: Revocation;
  readonly now: () => Date;
}

/** How an answer is spoilt: made the day before yesterday, or signed by a key that nobody has certified. */
export type Defect = 'stale' | 'wrong-key' | undefined;

const DAY_MS = 86_400_000;
/** Short, so that whoever keeps an answer learns of a change soon. */
const LIFETIME_MS = 60_000;

/** When an answer of now says that it was made, and until when it holds; in whole seconds. */
export function updatesOf(now: Date, defect: Defect): { thisUpdate: Date; nextUpdate: Date } {
  const made = defect === 'stale' ? now.getTime() - 2 * DAY_MS : now.getTime();
  const thisUpdate = new Date(Math.floor(made / 1000) * 1000);
  return { thisUpdate, nextUpdate: new Date(thisUpdate.getTime() + LIFETIME_MS) };
}
