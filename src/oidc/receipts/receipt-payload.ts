/** The contents of a receipt: a JWS in compact serialisation. (RFC 7515) */
import { z } from 'zod';

/** The `typ` of the header: no other JWS of Sild is taken for a receipt, and no receipt for another JWS. (RFC 8725 3.11) */
export const RECEIPT_TYPE = 'sild-receipt+jwt';

export const receiptPayloadSchema = z.object({
  iss: z.string(),
  /** The ID of the client that got the login. */
  aud: z.string(),
  /** As in the ID token. */
  sub: z.string(),
  /** When the receipt was made, in seconds since the epoch. */
  iat: z.int(),
  jti: z.string(),
  /** As in the ID token, in seconds since the epoch. */
  auth_time: z.int(),
  /** As in the ID token; absent for a login without a browser. */
  sid: z.string().optional(),
  /** Joins the receipt with the audit. */
  attempt: z.string().optional(),
  /** What the eID has kept. */
  evidence: z.looseObject({}),
});

export type ReceiptPayload = z.output<typeof receiptPayloadSchema>;
