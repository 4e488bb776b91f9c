/** Client metadata that decide how people log in at this client. Each narrows, or chooses from, what the operator has configured. */
import { z } from 'zod';
import { FLOWS } from '../../flows/flows.ts';

/** `relyingPartyName` of the RP API is at most that long, in bytes of UTF-8. */
const RELYING_PARTY_NAME_BYTES = 32;

export const NOTIFICATION_POLICIES = ['always', 'known-browser', 'never'] as const;

/** Schemas of the metadata. */
export const loginMetadata = {
  relying_party_name: z
    .string()
    .min(1)
    .refine(
      (name) => Buffer.byteLength(name) <= RELYING_PARTY_NAME_BYTES,
      `must be at most ${RELYING_PARTY_NAME_BYTES} bytes of UTF-8`,
    )
    .optional(),
  flows: listOf(z.enum(FLOWS)).optional(),
  countries: listOf(z.string().regex(/^[A-Z]{2}$/, 'must be a country code like EE')).optional(),
  certificate_level: z.enum(['QUALIFIED', 'ADVANCED']).optional(),
  notification_policy: z.enum(NOTIFICATION_POLICIES).optional(),
  backchannel_push_allowed: z.boolean().optional(),
};

export const loginMetadataSchema = z.object(loginMetadata);

export type LoginMetadata = z.output<typeof loginMetadataSchema>;

function listOf<T extends string>(member: z.ZodType<T>) {
  return z
    .array(member)
    .min(1)
    .refine((list) => new Set(list).size === list.length, 'must name each only once');
}
