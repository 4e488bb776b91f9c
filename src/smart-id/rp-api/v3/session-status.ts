import { z } from 'zod';
import type { RpApi } from '../endpoint.ts';
import { readSession, type SessionResult } from '../read-session.ts';

/**
 * The response of the session endpoint. (RP API 3.2, Response verification; SK's schema `SessionStatusResponse`)
 *
 * The schema checks JSON types only. Verification checks presence and values, since each defect has its own refusal
 * code. Unknown fields are ignored.
 */
const hashAlgorithm = z.string().optional();

const signatureSchema = z.object({
  value: z.string().optional(),
  serverRandom: z.string().optional(),
  userChallenge: z.string().optional(),
  flowType: z.string().optional(),
  signatureAlgorithm: z.string().optional(),
  signatureAlgorithmParameters: z
    .object({
      hashAlgorithm,
      maskGenAlgorithm: z
        .object({ algorithm: z.string().optional(), parameters: z.object({ hashAlgorithm }).optional() })
        .optional(),
      saltLength: z.number().optional(),
      trailerField: z.string().optional(),
    })
    .optional(),
});

const completedSessionSchema = z.object({
  state: z.literal('COMPLETE'),
  result: z
    .object({
      endResult: z.string().optional(),
      documentNumber: z.string().optional(),
      details: z.object({ interaction: z.string().optional() }).optional(),
    })
    .optional(),
  signatureProtocol: z.string().optional(),
  signature: signatureSchema.optional(),
  cert: z.object({ value: z.string().optional(), certificateLevel: z.string().optional() }).optional(),
  interactionTypeUsed: z.string().optional(),
});

/**
 * A running session with an end result is contradictory and is refused. (SK: "May be empty or missing when state is
 * RUNNING")
 */
const runningSessionSchema = z.object({
  state: z.literal('RUNNING'),
  result: z.object({ endResult: z.undefined().optional() }).optional(),
});

export const sessionStatusSchema = z.discriminatedUnion('state', [
  runningSessionSchema,
  completedSessionSchema,
]);

/** The status of a session, before verification. */
export type UnverifiedSessionStatus = z.output<typeof sessionStatusSchema>;

/** A completed session with any end result, before verification by `verify/`. */
export type UnverifiedCompletedSession = z.output<typeof completedSessionSchema>;

/**
 * Polls a session once, as a long poll: Smart-ID answers when the session ends, or with `RUNNING` after `timeoutMs`.
 *
 * @param timeoutMs integer milliseconds, 1,000–120,000
 */
export function readSessionStatus(
  api: RpApi,
  sessionId: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<SessionResult<UnverifiedSessionStatus>> {
  return readSession(api, sessionStatusSchema, sessionId, timeoutMs, signal);
}
