/**
 * JSON over HTTP, the only way to Smart-ID.
 *
 *   exchangeJson: one request ──▶ one answer { status, body }, or a `TransportError`
 *
 * Nothing is repeated here: whether a request may be sent again is for its sender to know. The limits are those of
 * `fetchBounded`, and a 200 must be JSON. The connection (connect time-out, TLS, pins) belongs to the dispatcher.
 *
 * The path of a request may hold a personal code, so no URL, no body and no `cause` goes into an error.
 */
import type { Dispatcher } from 'undici';
import { fetchBounded, type HttpAnswer as BytesAnswer } from '../../http/bounded-fetch.ts';
import { HttpError } from '../../http/errors.ts';

const BODY_MS = 5_000;
const MAX_BODY_BYTES = 64 * 1024;

export type TransportErrorCode =
  /** No connection was established, so Smart-ID has not received the request. */
  | 'connection_failed'
  | 'connection_lost'
  | 'timed_out'
  /** The caller's signal fired. */
  | 'aborted'
  | 'redirected'
  /** A 200 whose body is too large or is not JSON. */
  | 'body_too_large'
  | 'body_not_json';

/** No usable answer came. The message holds codes only, never a URL or what was sent or received. */
export class TransportError extends Error {
  readonly code: TransportErrorCode;
  /** Whether Smart-ID may have acted on the request. */
  readonly mayHaveReached: boolean;

  constructor(code: TransportErrorCode, reason?: string) {
    const mayHaveReached = code !== 'connection_failed';
    const words = [code, ...(reason === undefined ? [] : [`(${reason})`])];
    super(
      `${words.join(' ')}, the request ${mayHaveReached ? 'may have reached' : 'did not reach'} Smart-ID`,
    );
    this.name = 'TransportError';
    this.code = code;
    this.mayHaveReached = mayHaveReached;
  }
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** How long to wait for the answer to begin, connecting included, in milliseconds. The body gets 5,000 more. */
  readonly answerMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  /** Never a 3xx. */
  readonly status: number;
  /** Parsed JSON; with a status other than 200, `undefined` where the body is no JSON or too large. */
  readonly body: unknown;
}

/** @throws TransportError and nothing else, for whatever happens on the network */
export async function exchangeJson(dispatcher: Dispatcher, sent: HttpRequest): Promise<HttpAnswer> {
  const { method, url, body, answerMs, signal } = sent;
  const headers = {
    accept: 'application/json, application/problem+json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  try {
    const answer = await fetchBounded(
      { url, method, headers, body: body === undefined ? undefined : JSON.stringify(body) },
      {
        dispatcher,
        timeoutMs: answerMs + BODY_MS,
        answerMs,
        pauseMs: BODY_MS,
        maxBytes: MAX_BODY_BYTES,
        status: 'any',
        signal,
      },
    );
    return jsonAnswer(answer);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    // What Smart-ID decided is in the status; the body of an error only adds to it.
    if (error.code === 'too_large' && error.status !== undefined && error.status !== 200)
      return { status: error.status, body: undefined };
    throw transportError(error);
  }
}

function jsonAnswer({ status, headers, body }: BytesAnswer): HttpAnswer {
  const json = isJson(headers['content-type']) ? parse(body) : undefined;
  if (json === undefined && status === 200) throw new TransportError('body_not_json');
  return { status, body: json?.value };
}

function isJson(contentType: unknown): boolean {
  return typeof contentType === 'string' && /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType);
}

function parse(text: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)) as unknown };
  } catch {
    // The error would quote the body.
    return undefined;
  }
}

/** Only what is known to have failed before the request was sent counts as not having reached Smart-ID. */
function transportError({ code, reason }: HttpError): TransportError {
  switch (code) {
    case 'address_refused':
    case 'connection_failed':
      return new TransportError('connection_failed', reason);
    case 'connection_lost':
    case 'timed_out':
    case 'aborted':
    case 'redirected':
      return new TransportError(code, reason);
    case 'too_large':
      return new TransportError('body_too_large');
    // Neither is checked above; an answer refused for one of them would not be as agreed.
    case 'status_unexpected':
    case 'type_unexpected':
      return new TransportError('body_not_json', reason);
  }
}
