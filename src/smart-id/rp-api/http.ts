/**
 * JSON over HTTP. Every request to Smart-ID uses this module.
 *
 *   exchangeJson: one request ──▶ one answer { status, body }, or a `TransportError`
 *
 * This module never retries: only the caller knows whether a request may be sent twice. The limits are those of
 * `fetchBounded`, and a 200 must be JSON. The dispatcher configures the connection (connect time-out, TLS, pins).
 *
 * The path of a request may contain a personal code, so errors contain no URL, no body and no `cause`.
 */
import type { Dispatcher } from 'undici';
import { fetchBounded, type HttpResponse as BytesResponse } from '../../http/bounded-fetch.ts';
import { HttpError } from '../../http/errors.ts';

/** Time limit for the body, after the headers. */
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

/** There was no usable answer. The message contains codes only, never a URL, a request or a response. */
export class TransportError extends Error {
  readonly code: TransportErrorCode;
  /** Whether Smart-ID may have acted on the request. */
  readonly mayHaveReached: boolean;

  constructor(code: TransportErrorCode, reason?: string) {
    const mayHaveReached = code !== 'connection_failed';
    const codes = [code, ...(reason === undefined ? [] : [`(${reason})`])];
    super(
      `${codes.join(' ')}, the request ${mayHaveReached ? 'may have reached' : 'did not reach'} Smart-ID`,
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
  /** Time limit for the response headers, including the connection, in milliseconds. The body has 5,000 more. */
  readonly answerMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  /** Never a 3xx. */
  readonly status: number;
  /** Parsed JSON. `undefined` if the status is not 200 and the body is not JSON or too large. */
  readonly body: unknown;
}

/**
 * Sends one request and reads one answer.
 *
 * @throws TransportError for every failure of the network and every unusable answer
 */
export async function exchangeJson(dispatcher: Dispatcher, sent: HttpRequest): Promise<HttpResponse> {
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
    return jsonResponse(answer);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    // The status of an error suffices; its body only adds details.
    if (error.code === 'too_large' && error.status !== undefined && error.status !== 200)
      return { status: error.status, body: undefined };
    throw transportError(error);
  }
}

function jsonResponse({ status, headers, body }: BytesResponse): HttpResponse {
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
    // The SyntaxError would quote the body.
    return undefined;
  }
}

/** Maps to `connection_failed` only failures that certainly happened before the request was sent. */
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
    // Unreachable: the call above checks neither the status nor the type.
    case 'status_unexpected':
    case 'type_unexpected':
      return new TransportError('body_not_json', reason);
  }
}
