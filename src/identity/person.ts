import { z } from 'zod';

/** The person that a verified certificate identifies. Plain JSON; the schema parses a stored person. */
export const personSchema = z
  .object({
    /** Empty for a person who has only a surname. */
    givenName: z.string(),
    /** Empty for a person who has only a given name. */
    surname: z.string(),
    /** `PNOEE-47101010033`. */
    semanticsIdentifier: z.string(),
    /** Personal number, passport, national identity card. (ETSI EN 319 412-1) */
    identityType: z.enum(['PNO', 'PAS', 'IDC']),
    /** ISO 3166-1 alpha-2. */
    identityCountry: z.string(),
    /** The identifier as the country writes it: `47101010033`, `030303-10004`. */
    identityNumber: z.string(),
    /** `YYYY-MM-DD`; absent if neither the certificate nor the personal code contains it. */
    birthdate: z.string().optional(),
  })
  .readonly();

export type Person = z.output<typeof personSchema>;
export type IdentityType = Person['identityType'];
