/**
 * Outbound JSON over HTTP, the one door to Smart-ID.
 *
 *   exchangeJson: one request ──▶ one answer { status, body }, or a `TransportError`
 *
 * Nothing is repeated here: whether a request may be sent again is for its sender to know. Redirects are refused, an
 * answer has a size and a time limit, and a 200 must be JSON. Everything about the connection itself (connect time-out,
 * TLS) belongs to the dispatcher that is passed in: dispatcher.ts.
 *
 * The path of a request may hold a personal code, so no URL and no body goes into an error.
 */
import { type Dispatcher, request } from 'undici';
import { ConnectionError } from './dispatcher.ts';

const BODY_MS = 5_000;
const MAX_BODY_BYTES = 64 * 1024;

export type TransportErrorCode =
  /** No connection came about, so Smart-ID knows nothing of the request. */
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
  if (signal?.aborted) throw new TransportError('aborted');
  // undici's own time-outs begin anew with each piece that arrives; this one covers the exchange as a whole.
  const abort = new AbortController();
  const onAbort = () => {
    abort.abort();
  };
  const deadline = setTimeout(onAbort, answerMs + BODY_MS);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const answer = await request(url, {
      dispatcher,
      method,
      headers: {
        accept: 'application/json, application/problem+json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      headersTimeout: answerMs,
      bodyTimeout: BODY_MS,
      signal: abort.signal,
    });
    return await read(answer);
  } catch (error) {
    if (error instanceof TransportError) throw error;
    if (signal?.aborted) throw new TransportError('aborted');
    if (abort.signal.aborted) throw new TransportError('timed_out');
    throw transportError(error);
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', onAbort);
  }
}

async function read({ statusCode: status, headers, body }: Dispatcher.ResponseData): Promise<HttpAnswer> {
  if (status >= 300 && status < 400) {
    // Destroying an unread body makes it emit an error that has told us nothing new.
    body.on('error', () => undefined).destroy();
    throw new TransportError('redirected', `HTTP ${status}`);
  }
  const text = await readText(body);
  if (text === undefined && status === 200) throw new TransportError('body_too_large');
  const json = text !== undefined && isJson(headers['content-type']) ? parse(text) : undefined;
  if (json === undefined && status === 200) throw new TransportError('body_not_json');
  return { status, body: json?.value };
}

/** The body, or `undefined` where it is too large; what is beyond the limit is never read. */
async function readText(body: AsyncIterable<Uint8Array>): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
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

const TIMED_OUT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** What is not known to have failed before the request went out counts as having reached Smart-ID. */
function transportError(error: unknown): TransportError {
  if (error instanceof ConnectionError) return new TransportError('connection_failed', error.code);
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code !== undefined && TIMED_OUT.has(code)) return new TransportError('timed_out', code);
  return new TransportError('connection_lost', code);
}
