import { z } from 'zod';
import type { RpApi } from '../endpoint.ts';
import { readSession, type SessionAnswer } from '../read-session.ts';

/**
 * The answer of the session endpoint (RP API 3.2, Response verification; SK's schema `SessionStatusResponse`).
 *
 * Strict about JSON types and lenient about everything else: any part of a completed session may be absent and any
 * string may say anything, because what is missing or wrong is for verification to name. Unknown fields are ignored.
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

/** "May be empty or missing when state is RUNNING": a running session that already has an end contradicts itself. */
const runningSessionSchema = z.object({
  state: z.literal('RUNNING'),
  result: z.object({ endResult: z.undefined().optional() }).optional(),
});

export const sessionStatusSchema = z.discriminatedUnion('state', [
  runningSessionSchema,
  completedSessionSchema,
]);

/** What Smart-ID says of a session. Nobody vouches for it yet. */
export type UnverifiedSessionStatus = z.output<typeof sessionStatusSchema>;

/** A session that has ended, well or not. Only `verify/` can make something to believe of it. */
export type UnverifiedCompletedSession = z.output<typeof completedSessionSchema>;

/**
 * Looks at a session once, as a long poll: Smart-ID answers when the session ends, or `RUNNING` after `timeoutMs`.
 *
 * @param timeoutMs whole milliseconds, 1,000–120,000
 */
export function readSessionStatus(
  api: RpApi,
  sessionId: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<SessionAnswer<UnverifiedSessionStatus>> {
  return readSession(api, sessionStatusSchema, sessionId, timeoutMs, signal);
}
