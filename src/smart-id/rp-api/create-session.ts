import type { z } from 'zod';
import type { FailedStart } from '../../login/authenticator.ts';
import type { Failure } from '../../login/failure.ts';
import { failureFromCreationStatus } from '../outcome.ts';
import { CircuitOpenError } from './circuit.ts';
import type { RpApi } from './endpoint.ts';
import { exchange } from './exchange.ts';
import { type HttpResponse, TransportError } from './http.ts';
import { readProblem } from './problem.ts';

/** In milliseconds. Smart-ID answers fast, and people do not wait longer. */
const ANSWER_MS = 15_000;

export type CreatedSession<T> = { readonly kind: 'created'; readonly created: T } | FailedStart;

/**
 * Creates a session with one request, which is never retried: a retry could send a second push, and people would learn
 * to confirm pushes that they did not request. Sends nothing while the circuit breaker is open. Does not throw for
 * network errors or unexpected answers.
 *
 * @param schema of the body of a 200
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
    return { kind: 'failed', failure, ...(error.mayHaveReached ? { mayHaveStarted: true } : {}) };
  }
}

function readCreated<T>({ status, body }: HttpResponse, schema: z.ZodType<T>): CreatedSession<T> {
  if (status !== 200)
    return { kind: 'failed', failure: failureFromCreationStatus(status, readProblem(body)) };
  const parsed = schema.safeParse(body);
  if (parsed.success) return { kind: 'created', created: parsed.data };
  // zod's messages may quote the body, so only the paths, which are names from the schema, are logged.
  const paths = parsed.error.issues.map(({ path }) => path.join('.') || 'body');
  return {
    kind: 'failed',
    failure: { code: 'response_malformed', detail: `HTTP 200, schema violation at ${paths.join(', ')}` },
    mayHaveStarted: true,
  };
}

function failureFromTransport(error: TransportError): Failure {
  const malformed = error.code === 'body_not_json' || error.code === 'body_too_large';
  return { code: malformed ? 'response_malformed' : 'service_failed', detail: error.message };
}
