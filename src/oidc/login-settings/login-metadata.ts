/** Client metadata that decide how people log in at this client. Each narrows, or chooses from, what the operator has configured. */
import { z } from 'zod';
import { NOTIFICATION_POLICIES, relyingPartyName } from '../../config/smart-id.ts';
import { FLOWS } from '../../flows/flows.ts';
import { CERTIFICATE_LEVELS } from '../../identity/certificate-level.ts';
import { isCountryCode } from '../../country-code.ts';

/** Schemas of the metadata. */
export const loginMetadata = {
  relying_party_name: relyingPartyName.optional(),
  flows: listOf(z.enum(FLOWS)).optional(),
  countries: listOf(
    z.string().refine(isCountryCode, 'must be a country code of ISO 3166-1, like EE'),
  ).optional(),
  certificate_level: z.enum(CERTIFICATE_LEVELS).optional(),
  notification_policy: z.enum(NOTIFICATION_POLICIES).optional(),
  backchannel_push_allowed: z.boolean().optional(),
};

export const loginMetadataSchema = z.object(loginMetadata);

function listOf<T extends string>(member: z.ZodType<T>) {
  return z
    .array(member)
    .min(1)
    .refine((list) => new Set(list).size === list.length, 'must name each only once');
}
