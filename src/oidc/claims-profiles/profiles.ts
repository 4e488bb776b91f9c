/** The claims profiles, a file each: what the claims of a login look like for a client. `standard` is OpenID Connect's own. */
import type { Client } from 'oidc-provider';
import { z } from 'zod';
import { isSemanticsIdentifier } from '../../identity/semantics-identifier.ts';
import type { ClaimsProfile } from './claims-profile.ts';
import { standard } from './standard.ts';
import { tara } from './tara.ts';

const PROFILES = { standard, tara } as const satisfies Readonly<Record<string, ClaimsProfile>>;

const CLAIMS_PROFILES = Object.keys(PROFILES) as readonly (keyof typeof PROFILES)[];

/** Schema of the metadata. */
export const claimsProfileMetadata = { claims_profile: z.enum(CLAIMS_PROFILES).optional() };

const schema = z.object(claimsProfileMetadata);

/** The profile of a registered client. */
export function claimsProfileOf(client: Pick<Client, 'clientId'>): ClaimsProfile {
  const { claims_profile: name = 'standard' } = schema.parse(client);
  return PROFILES[name];
}

/**
 * The semantics identifier of an account, whose ID is the subject of some profile. All profiles but `standard` have subjects for
 * personal numbers alone.
 */
export function identifierOfAccount(accountId: string): string {
  return isSemanticsIdentifier(accountId) ? accountId : `PNO${accountId.slice(0, 2)}-${accountId.slice(2)}`;
}
