/** How an exchange failed. The first two mean that nothing has been sent, and only these two do. */
export type HttpErrorCode =
  /** The URL is not http(s), or its host is an address that must not be connected to. */
  | 'address_refused'
  /** No connection was established: DNS, TCP, TLS or a pin. */
  | 'connection_failed'
  /** The connection broke, and the server may have received the request. */
  | 'connection_lost'
  | 'timed_out'
  /** The caller's signal fired. */
  | 'aborted'
  | 'redirected'
  | 'status_unexpected'
  | 'type_unexpected'
  | 'too_large';

export interface HttpErrorOptions {
  /** What happened in detail: a code of Node's or undici's, or `HTTP 404`. */
  readonly reason?: string | undefined;
  readonly status?: number | undefined;
  readonly cause?: unknown;
}

/** There is no usable answer. The message holds no URL and nothing that was sent or received; `cause` may. */
export class HttpError extends Error {
  readonly code: HttpErrorCode;
  readonly reason: string | undefined;
  /** The status of the answer, if one had begun. */
  readonly status: number | undefined;

  constructor(code: HttpErrorCode, { reason, status, ...options }: HttpErrorOptions = {}) {
    super(reason === undefined ? code : `${code} (${reason})`, options);
    this.name = 'HttpError';
    this.code = code;
    this.reason = reason;
    this.status = status;
  }
}

/** No connection was established, so nothing has been sent. The message is a code. */
export class ConnectionError extends Error {
  readonly code: string;

  constructor(code: string, options?: { cause?: unknown }) {
    super(code, options);
    this.name = 'ConnectionError';
    this.code = code;
  }
}

/** A connection broke after the request was sent over it. The message is a code. */
export class LostConnectionError extends Error {
  readonly code: string;

  constructor(code: string, options?: { cause?: unknown }) {
    super(code, options);
    this.name = 'LostConnectionError';
    this.code = code;
  }
}

/** An address that must not be connected to; nothing has been sent. The message names it. */
export class RefusedAddressError extends Error {
  readonly code = 'address_refused';

  constructor(message: string) {
    super(message);
    this.name = 'RefusedAddressError';
  }
}

/** The `code` of an error of Node's or undici's. */
export function errorCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
