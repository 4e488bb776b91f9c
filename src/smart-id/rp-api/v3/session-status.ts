import { z } from 'zod';
import { type Failure, failureFromPollStatus } from '../../outcome.ts';
import { endpoint, type RpApi } from '../endpoint.ts';
import { exchangeJson, type HttpAnswer, TransportError } from '../http.ts';

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

export type SessionStatusAnswer =
  | { readonly kind: 'answered'; readonly status: UnverifiedSessionStatus }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Asking again may help and cannot harm. */
  | { readonly kind: 'unanswered'; readonly detail: string }
  | { readonly kind: 'aborted' };

/** What a long poll may take beyond its time-out before it counts as lost, in milliseconds. */
const MARGIN_MS = 5_000;

/**
 * Looks at a session once, as a long poll: Smart-ID answers when the session ends, or `RUNNING` after `timeoutMs`.
 *
 * @param timeoutMs whole milliseconds, 1,000–120,000
 */
export async function readSessionStatus(
  api: RpApi,
  sessionId: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<SessionStatusAnswer> {
  const url = endpoint(api, 'session', sessionId);
  url.searchParams.set('timeoutMs', String(timeoutMs));
  try {
    return readAnswer(
      await exchangeJson(api.dispatcher, { method: 'GET', url, answerMs: timeoutMs + MARGIN_MS, signal }),
    );
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return answerFromTransport(error);
  }
}

function readAnswer({ status, body }: HttpAnswer): SessionStatusAnswer {
  if (status !== 200) {
    const failure = failureFromPollStatus(status);
    return failure ? { kind: 'failed', failure } : { kind: 'unanswered', detail: `HTTP ${status}` };
  }
  const parsed = sessionStatusSchema.safeParse(body);
  if (parsed.success) return { kind: 'answered', status: parsed.data };
  // The schema's own words could quote the answer; where it went wrong is a name of the schema's.
  const places = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole body');
  return {
    kind: 'failed',
    failure: { code: 'response_malformed', detail: `not as agreed: ${places.join(', ')}` },
  };
}

function answerFromTransport(error: TransportError): SessionStatusAnswer {
  switch (error.code) {
    case 'aborted':
      return { kind: 'aborted' };
    case 'connection_failed':
    case 'connection_lost':
    case 'timed_out':
      return { kind: 'unanswered', detail: error.message };
    case 'redirected':
      return { kind: 'failed', failure: { code: 'service_failed', detail: error.message } };
    case 'body_too_large':
    case 'body_not_json':
      return { kind: 'failed', failure: { code: 'response_malformed', detail: error.message } };
  }
}
