/** One request over HTTP/2 and its answer: a stream of a session on one side, undici's handler on the other. */
import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import { type Dispatcher, errors } from 'undici';
import { ConnectionError, errorCodeOf, LostConnectionError } from '../errors.ts';

/** The most times that a request is sent which the server refuses without processing it. */
const MOST_ATTEMPTS = 3;
/** Node's error codes when a connection accepts no more streams. */
const ENDED = new Set<string | undefined>(['ERR_HTTP2_GOAWAY_SESSION', 'ERR_HTTP2_INVALID_SESSION']);

/** Opens streams. */
export interface StreamSource {
  /** @throws if no stream can be opened any more; nothing has been sent then */
  request(headers: Readonly<Record<string, string>>, ends: boolean): ClientHttp2Stream;
  /** Whether the server has ended the connection and said that this stream came after the last one that it processes. */
  hasIgnored(stream: ClientHttp2Stream): boolean;
}

export interface Exchange {
  /** Whether the method is safe, so that a second request does no harm. */
  readonly isSafe: boolean;
  /** Whether the handler has got its answer or an error. */
  isOver(): boolean;
  /**
   * Sends the request.
   *
   * @param onRefused called in place of an error where the server has certainly not processed the request: the stream was
   *   refused, or came after the last one of a connection that ends (RFC 9113, 8.7). It may be sent once more.
   */
  sendOver(source: StreamSource, onRefused: () => void): void;
  /** Sends the request by HTTP/1.1. */
  sendByHttp1(): void;
  fail(error: Error): void;
}

/**
 * @param origin of the request, `https://host:port`
 * @param http1 sends by HTTP/1.1
 * @throws for a body that is neither text nor bytes
 */
export function createExchange(
  origin: URL,
  sent: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
  http1: Dispatcher.Dispatch,
): Exchange {
  const body = bodyOf(sent);
  let stream: ClientHttp2Stream | undefined;
  let attempts = 0;
  let over = false;
  let reason: Error | null = null;
  const controller: Dispatcher.DispatchController = {
    get aborted() {
      return reason !== null;
    },
    get paused() {
      return stream?.isPaused() ?? false;
    },
    get reason() {
      return reason;
    },
    abort(error) {
      reason ??= error;
      fail(error);
    },
    pause: () => stream?.pause(),
    resume: () => stream?.resume(),
  };
  handler.onRequestStart?.(controller, {});
  return {
    isSafe: sent.method === 'GET' || sent.method === 'HEAD',
    isOver: () => over,
    sendOver,
    sendByHttp1() {
      if (over) return;
      over = true;
      http1(sent, handler);
    },
    fail,
  };

  function fail(error: Error): void {
    if (over) return;
    over = true;
    // Cancels this stream only; the connection stays open.
    stream?.close(constants.NGHTTP2_CANCEL);
    handler.onResponseError?.(controller, error);
  }

  function sendOver(source: StreamSource, onRefused: () => void): void {
    attempts += 1;
    const refused = () => {
      if (over) return;
      stream = undefined;
      if (attempts < MOST_ATTEMPTS) onRefused();
      else fail(new ConnectionError('HTTP2_REFUSED'));
    };
    let opened: ClientHttp2Stream;
    try {
      opened = source.request(headersOf(origin, sent, body), body === undefined);
    } catch (error) {
      if (ENDED.has(errorCodeOf(error))) refused();
      else fail(new ConnectionError(errorCodeOf(error) ?? 'unknown', { cause: error }));
      return;
    }
    stream = opened;
    listen(opened, source, refused);
    if (body !== undefined) opened.end(body);
  }

  function listen(opened: ClientHttp2Stream, source: StreamSource, refused: () => void): void {
    const { headersTimeout, bodyTimeout } = sent;
    let answered = false;
    let failure: unknown;
    let bytes = 0;
    let announced: number | undefined;
    if (headersTimeout) {
      opened.setTimeout(headersTimeout, () => {
        fail(answered ? new errors.BodyTimeoutError() : new errors.HeadersTimeoutError());
      });
    }
    opened.on('error', (error: unknown) => {
      failure = error;
    });
    opened.once('response', (received) => {
      answered = true;
      const { status, headers } = answerOf(received);
      // An answer to HEAD states the length of the body that a GET would get.
      if (sent.method !== 'HEAD' && headers['content-length'] !== undefined)
        announced = Number(headers['content-length']);
      if (bodyTimeout) opened.setTimeout(bodyTimeout);
      opened.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (!over) handler.onResponseData?.(controller, chunk);
      });
      if (!over) handler.onResponseStart?.(controller, status, headers);
    });
    // A reset stream ends too: with an error code, or with fewer bytes than announced.
    opened.once('end', () => {
      const whole = answered && opened.rstCode === constants.NGHTTP2_NO_ERROR;
      if (over || !whole || (announced !== undefined && announced !== bytes)) return;
      over = true;
      handler.onResponseEnd?.(controller, {});
    });
    opened.once('close', () => {
      if (!answered && (isRefusal(opened, failure) || source.hasIgnored(opened))) refused();
      else
        fail(
          new LostConnectionError(errorCodeOf(failure) ?? `HTTP2_CODE_${opened.rstCode}`, { cause: failure }),
        );
    });
  }
}

/**
 * Whether the server has refused this stream. When a whole connection fails, its streams end with another error, even if
 * they have the same code.
 */
function isRefusal({ rstCode }: ClientHttp2Stream, failure: unknown): boolean {
  return rstCode === constants.NGHTTP2_REFUSED_STREAM && errorCodeOf(failure) === 'ERR_HTTP2_STREAM_ERROR';
}

function bodyOf({ body }: Dispatcher.DispatchOptions): Uint8Array | string | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  throw new errors.InvalidArgumentError('the body must be a text or bytes');
}

function headersOf(
  origin: URL,
  sent: Dispatcher.DispatchOptions,
  body: Uint8Array | string | undefined,
): Record<string, string> {
  return {
    ':method': sent.method,
    ':path': sent.path,
    ':scheme': 'https',
    ':authority': origin.host,
    ...(sent.headers as Readonly<Record<string, string>> | undefined),
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  };
}

function answerOf({
  ':status': status,
  ...headers
}: IncomingHttpHeaders & { readonly ':status'?: number | undefined }) {
  return { status: Number(status), headers };
}
