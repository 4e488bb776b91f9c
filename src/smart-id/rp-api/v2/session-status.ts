import { z } from 'zod';
import type { RpApi } from '../endpoint.ts';
import { readSession, type SessionResult } from '../read-session.ts';

/**
 * The response of the session endpoint. (RP API v2, 2.3.12.4 Response structure)
 *
 * The schema checks JSON types only. Verification checks presence and values, since each defect has its own refusal
 * code. Unknown fields are ignored. (RP API v2, 2.2.9)
 */
const completedSessionSchema = z.object({
  state: z.literal('COMPLETE'),
  result: z.object({ endResult: z.string().optional(), documentNumber: z.string().optional() }).optional(),
  signature: z.object({ value: z.string().optional(), algorithm: z.string().optional() }).optional(),
  cert: z.object({ value: z.string().optional(), certificateLevel: z.string().optional() }).optional(),
  interactionFlowUsed: z.string().optional(),
});

/** A running session with an end result is contradictory and is refused. */
const runningSessionSchema = z.object({
  state: z.literal('RUNNING'),
  result: z.object({ endResult: z.undefined().optional() }).optional(),
});

export const sessionStatusV2Schema = z.discriminatedUnion('state', [
  runningSessionSchema,
  completedSessionSchema,
]);

/** The status of a session, before verification. */
export type UnverifiedSessionStatusV2 = z.output<typeof sessionStatusV2Schema>;

/** A completed session with any end result, before verification by `verify/`. */
export type UnverifiedCompletedSessionV2 = z.output<typeof completedSessionSchema>;

/**
 * Polls a session once, as a long poll: Smart-ID answers when the session ends, or with `RUNNING` after `timeoutMs`.
 *
 * @param timeoutMs integer milliseconds, 1,000–120,000
 */
export function readSessionStatusV2(
  api: RpApi,
  sessionId: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<SessionResult<UnverifiedSessionStatusV2>> {
  return readSession(api, sessionStatusV2Schema, sessionId, timeoutMs, signal);
}
