/**
 * Outbound HTTP: one request, one answer that is read completely, and a limit on everything.
 *
 *   fetchBounded ─ dispatcher.ts: DNS ─ guarded-addresses.ts ─ TCP ─ TLS ─ tls-pins.ts ─▶ request
 *        ◀─ status ─ media type ─ body, at most `maxBytes` ─ all within `timeoutMs`
 *
 * A request is never repeated and a redirect never followed: only the caller knows whether a second request does harm, and
 * a redirect would let the server choose the next address. Bodies are not decompressed, so that the limit on their size
 * holds for what is kept in memory.
 */
import { type Dispatcher, errors, request } from 'undici';
import { ConnectionError, errorCodeOf, HttpError, RefusedAddressError } from './errors.ts';

export interface HttpRequest {
  /** http or https. */
  readonly url: string | URL;
  /** Default: GET. */
  readonly method?: Dispatcher.HttpMethod;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: none. */
  readonly body?: Uint8Array | string | undefined;
}

export interface HttpBounds {
  /** From `createDispatcher`. With any other dispatcher, a failed connection is reported as `connection_lost`. */
  readonly dispatcher: Dispatcher;
  /** For the whole exchange, connecting included, in milliseconds. */
  readonly timeoutMs: number;
  /** Until the answer begins, in milliseconds. Default: `timeoutMs`. */
  readonly answerMs?: number;
  /** Between two pieces of the body, in milliseconds. Default: `timeoutMs`. */
  readonly pauseMs?: number;
  /** Of the body. */
  readonly maxBytes: number;
  /** The only status that is accepted; `any`: all but redirects. Default: 200. */
  readonly status?: number | 'any';
  /** The media type that the answer must have, in lower case, without parameters. Default: it is not checked. */
  readonly mediaType?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  /** Never a 3xx in the result of `fetchBounded`. */
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/**
 * Sends a request, once, and reads its answer.
 *
 * @throws HttpError for every network error, and nothing else
 */
export function fetchBounded(sent: HttpRequest, bounds: HttpBounds): Promise<HttpResponse> {
  return exchange(sent, bounds, (answer) => readBody(answer, bounds));
}

/**
 * Sends a request, once, and returns the status and headers of its answer, for every status, 3xx included. The body is not
 * read.
 *
 * @throws HttpError for every network error, and nothing else
 */
export function fetchHeaders(
  sent: HttpRequest,
  bounds: Pick<HttpBounds, 'dispatcher' | 'timeoutMs' | 'signal'>,
): Promise<Omit<HttpResponse, 'body'>> {
  return exchange(sent, bounds, async ({ statusCode: status, headers }) => ({ status, headers }));
}

async function exchange<T>(
  sent: HttpRequest,
  { dispatcher, timeoutMs, answerMs = timeoutMs, pauseMs = timeoutMs, signal }: Omit<HttpBounds, 'maxBytes'>,
  read: (answer: Dispatcher.ResponseData) => Promise<T>,
): Promise<T> {
  const url = httpUrl(sent.url);
  if (signal?.aborted) throw new HttpError('aborted');
  // undici's own time-outs start again with each piece that arrives; this one covers the exchange as a whole.
  const abort = new AbortController();
  const onAbort = () => {
    abort.abort();
  };
  const deadline = setTimeout(onAbort, timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const answer = await request(url, {
      dispatcher,
      method: sent.method ?? 'GET',
      headers: { ...sent.headers },
      body: sent.body ?? null,
      headersTimeout: answerMs,
      bodyTimeout: pauseMs,
      signal: abort.signal,
    });
    try {
      return await read(answer);
    } finally {
      // Destroying a body that is not read to its end closes the connection and emits an error, which is ignored.
      answer.body.on('error', () => undefined).destroy();
    }
  } catch (cause) {
    if (cause instanceof HttpError) throw cause;
    if (signal?.aborted) throw new HttpError('aborted', { cause });
    if (abort.signal.aborted) throw new HttpError('timed_out', { cause });
    throw httpError(cause);
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', onAbort);
  }
}

function httpUrl(text: string | URL): URL {
  const url = URL.parse(String(text));
  if (url === null) throw new HttpError('address_refused', { reason: 'ERR_INVALID_URL' });
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new HttpError('address_refused', { reason: url.protocol });
  return url;
}

async function readBody(
  { statusCode: status, headers, body }: Dispatcher.ResponseData,
  { status: expected = 200, mediaType, maxBytes }: HttpBounds,
): Promise<HttpResponse> {
  const reason = `HTTP ${status}`;
  if (status >= 300 && status < 400) throw new HttpError('redirected', { reason, status });
  if (expected !== 'any' && status !== expected) throw new HttpError('status_unexpected', { reason, status });
  if (mediaType !== undefined && mediaTypeOf(headers['content-type']) !== mediaType)
    throw new HttpError('type_unexpected', { status });
  return { status, headers, body: await readAtMost(body, maxBytes, status) };
}

/** What is beyond the limit is never read. */
async function readAtMost(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  status: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new HttpError('too_large', { reason: `more than ${maxBytes} bytes`, status });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function mediaTypeOf(contentType: string | string[] | undefined): string {
  return String(contentType).split(';')[0]?.trim().toLowerCase() ?? '';
}

const TIMED_OUT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** Only a failure that certainly came before the request was sent is reported as such. */
function httpError(cause: unknown): HttpError {
  if (cause instanceof RefusedAddressError) return new HttpError('address_refused', { cause });
  if (cause instanceof ConnectionError)
    return new HttpError('connection_failed', { reason: cause.code, cause });
  if (isProxyRefusal(cause)) return new HttpError('connection_failed', { reason: 'PROXY_REFUSED', cause });
  const reason = errorCodeOf(cause);
  const timedOut = reason !== undefined && TIMED_OUT.has(reason);
  return new HttpError(timedOut ? 'timed_out' : 'connection_lost', { reason, cause });
}

/** undici reports a proxy that wants credentials for an http request as an invalid argument. */
function isProxyRefusal(cause: unknown): boolean {
  return cause instanceof errors.InvalidArgumentError && cause.message.includes('407');
}
