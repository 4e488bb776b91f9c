import type { z } from 'zod';
import type { Failure } from '../../login/failure.ts';
import { failureFromPollStatus } from '../outcome.ts';
import { endpoint, type RpApi } from './endpoint.ts';
import { exchange } from './exchange.ts';
import { type HttpResponse, TransportError } from './http.ts';

export type SessionResult<T> =
  | { readonly kind: 'answered'; readonly status: T }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** A retry is safe and may succeed. */
  | { readonly kind: 'unanswered'; readonly detail: string }
  | { readonly kind: 'aborted' };

/** Time beyond `timeoutMs` after which a long poll fails, in milliseconds. */
const MARGIN_MS = 5_000;

/**
 * Polls a session once, as a long poll: Smart-ID answers when the session ends, or with `RUNNING` after `timeoutMs`.
 * Does not throw for network errors or unexpected answers. (RP API 3.2, Response verification; RP API v2, 2.3.12
 * Session status)
 *
 * @param schema of the body of a 200
 * @param timeoutMs integer milliseconds, 1,000–120,000
 */
export async function readSession<T>(
  api: RpApi,
  schema: z.ZodType<T>,
  sessionId: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<SessionResult<T>> {
  const url = endpoint(api, 'session', sessionId);
  url.searchParams.set('timeoutMs', String(timeoutMs));
  try {
    return readResponse(
      await exchange(api, 'session', { method: 'GET', url, answerMs: timeoutMs + MARGIN_MS, signal }),
      schema,
    );
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return resultOfTransportError(error);
  }
}

function readResponse<T>({ status, body }: HttpResponse, schema: z.ZodType<T>): SessionResult<T> {
  if (status !== 200) {
    const failure = failureFromPollStatus(status);
    return failure ? { kind: 'failed', failure } : { kind: 'unanswered', detail: `HTTP ${status}` };
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return { kind: 'answered', status: parsed.data };
  // zod's messages may quote the body, so only the paths, which are names from the schema, are logged.
  const paths = parsed.error.issues.map(({ path }) => path.join('.') || 'body');
  return {
    kind: 'failed',
    failure: { code: 'response_malformed', detail: `schema violation at ${paths.join(', ')}` },
  };
}

function resultOfTransportError(error: TransportError): SessionResult<never> {
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
