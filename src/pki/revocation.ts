import type { VerifiedPath } from './path-validation.ts';

/**
 * How much the revocation of a certificate matters. `off`: it is not asked about, and a revoked certificate is believed
 * until it expires.
 */
export type RevocationPolicy = 'off';

/** Resolves where the path may be believed. */
type RevocationCheck = (path: VerifiedPath) => Promise<void>;

const checks: Readonly<Record<RevocationPolicy, RevocationCheck>> = {
  off: () => Promise.resolve(),
};

/**
 * Whether the certificates of a path have been revoked, as far as the policy wants to know. (RFC 5280 6.3, RFC 6960)
 * A policy that is none of these is an error, never a pass.
 */
export async function checkRevocation(path: VerifiedPath, policy: RevocationPolicy): Promise<void> {
  await checks[policy](path);
}
