import type { z } from 'zod';
import type { FailedStart } from '../../login/authenticator.ts';
import type { Failure } from '../../login/failure.ts';
import { failureFromCreationStatus } from '../outcome.ts';
import { CircuitOpenError } from './circuit.ts';
import type { RpApi } from './endpoint.ts';
import { exchange } from './exchange.ts';
import { type HttpAnswer, TransportError } from './http.ts';
import { readProblem } from './problem.ts';

/** Smart-ID tells the push's arrival fast; an attempt to start is given up before the person does. */
const ANSWER_MS = 15_000;

export type CreatedSession<T> = { readonly kind: 'created'; readonly created: T } | FailedStart;

/**
 * Asks Smart-ID for a session: one request, whatever happens to it. A second one would make the phone ring twice, and
 * make the person used to that. None at all while the circuit breaker is open.
 *
 * @param schema what a 200 has to be
 */
export async function createSession<T>(
  api: RpApi,
  endpoint: 'device-link' | 'notification',
  url: URL,
  body: object,
  schema: z.ZodType<T>,
): Promise<CreatedSession<T>> {
  const send = () => exchange(api, endpoint, { method: 'POST', url, body, answerMs: ANSWER_MS });
  try {
    return readCreated(await (api.circuit ? api.circuit.guard(send) : send()), schema);
  } catch (error) {
    if (error instanceof CircuitOpenError) return { kind: 'failed', failure: error.failure };
    if (!(error instanceof TransportError)) throw error;
    const failure = failureFromTransport(error);
    return { kind: 'failed', failure, ...(error.mayHaveReached ? { mayHaveBegun: true } : {}) };
  }
}

function readCreated<T>({ status, body }: HttpAnswer, schema: z.ZodType<T>): CreatedSession<T> {
  if (status !== 200)
    return { kind: 'failed', failure: failureFromCreationStatus(status, readProblem(body)) };
  const parsed = schema.safeParse(body);
  if (parsed.success) return { kind: 'created', created: parsed.data };
  // The schema's own words could quote the answer; where it went wrong is a name of the schema's.
  const places = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole body');
  return {
    kind: 'failed',
    failure: { code: 'response_malformed', detail: `HTTP 200, not as agreed: ${places.join(', ')}` },
    mayHaveBegun: true,
  };
}

function failureFromTransport(error: TransportError): Failure {
  const malformed = error.code === 'body_not_json' || error.code === 'body_too_large';
  return { code: malformed ? 'response_malformed' : 'service_failed', detail: error.message };
}
