/**
 * The settings of the simulator's CAs: which certificates are revoked, and how the OCSP responders and the CRLs behave.
 * They are only in memory, like the certificates of the accounts, and end with the process.
 */
import { z } from 'zod';
import type { Accounts } from '../accounts/accounts.ts';
import { ACCOUNT_GROUPS } from '../accounts/listed-accounts.ts';
import type { Holder } from './issued-certificates.ts';
import { CA_SLUGS } from './publication-addresses.ts';

/** How OCSP responders or CRLs respond. */
export const BEHAVIOURS = ['answers', 'silent', 'slow', 'stale', 'wrong-key'] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** The maximum number of revoked holders. */
export const MAX_REVOKED = 1_000;

const revocationChanges = z
  .strictObject({
    ocsp: z.enum(BEHAVIOURS),
    crl: z.enum(BEHAVIOURS),
    revoked: z.array(z.string().trim()).max(MAX_REVOKED),
  })
  .partial();
type Changes = z.infer<typeof revocationChanges>;

export interface RevocationSettings {
  /** For all OCSP responders. */
  readonly ocsp: Behaviour;
  /** For all CRLs. */
  readonly crl: Behaviour;
  /** The holders of revoked certificates, in addition to the accounts whose certificate is always revoked. */
  readonly revoked: readonly Holder[];
}

export interface Revocation {
  readonly settings: RevocationSettings;
  /** Schema of the changes that a program sends. */
  readonly changes: z.ZodType<Changes>;
  /** Whether the name is an account's identifier or an issuing CA's slug. */
  isHolder(name: string): boolean;
  /** Changes only the given settings. */
  change(changes: Changes): void;
  isRevoked(holder: Holder): boolean;
}

const ALWAYS_REVOKED: ReadonlySet<Holder> = new Set(
  ACCOUNT_GROUPS.flatMap(({ accounts }) => accounts)
    .filter(({ revoked }) => revoked)
    .map(({ identifier }) => identifier),
);

export function createRevocation(accounts: Accounts): Revocation {
  const isHolder = (name: string) =>
    CA_SLUGS.some((slug) => slug === name && slug !== 'root') || accounts.ofPerson(name).length > 0;
  const holder = z
    .string()
    .trim()
    .refine(isHolder, 'not an account, such as PNOEE-40504040001, and not an issuing CA: eid-q or eid-nq');
  let settings: RevocationSettings = { ocsp: 'answers', crl: 'answers', revoked: [] };
  return {
    changes: revocationChanges.extend({ revoked: z.array(holder).max(MAX_REVOKED).optional() }),
    isHolder,
    get settings() {
      return settings;
    },
    change({ ocsp = settings.ocsp, crl = settings.crl, revoked = settings.revoked }) {
      settings = { ocsp, crl, revoked: [...new Set(revoked)] };
    },
    isRevoked: (name) => ALWAYS_REVOKED.has(name) || settings.revoked.includes(name),
  };
}
