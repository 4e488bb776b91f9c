import { z } from 'zod';
import type { RpApi } from '../endpoint.ts';
import { readSession, type SessionAnswer } from '../read-session.ts';

/**
 * The answer of the session endpoint. (RP API v2 §2.3.x, session status)
 *
 * As in v3 strict about JSON types and lenient about everything else: what is missing or wrong is for verification to
 * name. Unknown fields are ignored.
 */
const completedSessionSchema = z.object({
  state: z.literal('COMPLETE'),
  result: z.object({ endResult: z.string().optional(), documentNumber: z.string().optional() }).optional(),
  signature: z.object({ value: z.string().optional(), algorithm: z.string().optional() }).optional(),
  cert: z.object({ value: z.string().optional(), certificateLevel: z.string().optional() }).optional(),
  interactionFlowUsed: z.string().optional(),
});

/** A running session that already has an end contradicts itself. */
const runningSessionSchema = z.object({
  state: z.literal('RUNNING'),
  result: z.object({ endResult: z.undefined().optional() }).optional(),
});

export const sessionStatusV2Schema = z.discriminatedUnion('state', [
  runningSessionSchema,
  completedSessionSchema,
]);

/** What Smart-ID says of a session. Nobody vouches for it yet. */
export type UnverifiedSessionStatusV2 = z.output<typeof sessionStatusV2Schema>;

/** A session that has ended, well or not. Only `verify/` can make something to believe of it. */
export type UnverifiedCompletedSessionV2 = z.output<typeof completedSessionSchema>;

/**
 * Looks at a session once, as a long poll: Smart-ID answers when the session ends, or `RUNNING` after `timeoutMs`.
 *
 * @param timeoutMs whole milliseconds, 1,000–120,000
 */
export function readSessionStatusV2(
  api: RpApi,
  sessionId: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<SessionAnswer<UnverifiedSessionStatusV2>> {
  return readSession(api, sessionStatusV2Schema, sessionId, timeoutMs, signal);
}
