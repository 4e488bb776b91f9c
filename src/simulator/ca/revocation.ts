/**
 * What the simulator's CAs are told to say of their certificates: which ones are revoked, and how the OCSP responders and
 * the revocation lists behave. In memory: a new start forgets it, as it forgets the certificates of the accounts.
 */
import { z } from 'zod';
import { ACCOUNT_GROUPS, findAccount } from '../accounts/accounts.ts';
import type { Holder } from './issued-certificates.ts';
import { CA_SLUGS } from './publication-addresses.ts';

/** How those who say whether a certificate is revoked answer. */
export const BEHAVIOURS = ['answers', 'silent', 'slow', 'stale', 'wrong-key'] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** Certificates that can be revoked at once. */
export const MOST_REVOKED = 1_000;

const holder = z
  .string()
  .trim()
  .refine(isHolder, 'not an account, such as PNOEE-40504040001, and not an issuing CA: eid-q or eid-nq');

export const revocationChanges = z
  .strictObject({
    ocsp: z.enum(BEHAVIOURS),
    crl: z.enum(BEHAVIOURS),
    revoked: z.array(holder).max(MOST_REVOKED),
  })
  .partial();
type Changes = z.infer<typeof revocationChanges>;

export interface RevocationSettings {
  /** Of every OCSP responder. */
  readonly ocsp: Behaviour;
  /** Of every revocation list. */
  readonly crl: Behaviour;
  /** Whose certificates are revoked, besides those of the accounts that always have such a one. */
  readonly revoked: readonly Holder[];
}

export interface Revocation {
  readonly settings: RevocationSettings;
  /** What is not given stays as it is. */
  change(changes: Changes): void;
  isRevoked(holder: Holder): boolean;
}

const ALWAYS: ReadonlySet<Holder> = new Set(
  ACCOUNT_GROUPS.flatMap(({ accounts }) => accounts)
    .filter(({ revoked }) => revoked)
    .map(({ identifier }) => identifier),
);

/** Whether there is such an account, or an issuing CA of that name. */
export function isHolder(name: string): boolean {
  return CA_SLUGS.some((slug) => slug === name && slug !== 'root') || findAccount(name) !== undefined;
}

export function createRevocation(): Revocation {
  let settings: RevocationSettings = { ocsp: 'answers', crl: 'answers', revoked: [] };
  return {
    get settings() {
      return settings;
    },
    change({ ocsp = settings.ocsp, crl = settings.crl, revoked = settings.revoked }) {
      settings = { ocsp, crl, revoked: [...new Set(revoked)] };
    },
    isRevoked: (name) => ALWAYS.has(name) || settings.revoked.includes(name),
  };
}
