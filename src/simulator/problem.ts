import { randomBytes } from 'node:crypto';

/** One member of `errors`. (RP API 3.2, ExtendedProblemDetailsJson) */
export interface ErrorDetail {
  readonly code?: string;
  readonly detail: string;
  readonly paramName?: string;
  /** RFC 6901 pointer into the request's body. */
  readonly pointer?: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  471: 'No suitable account of requested type found',
  472: 'Person should view Smart-ID app or Smart-ID self-service portal now',
  480: 'Client Too Old',
  580: 'System Under Maintenance',
};

/** An error response. A middleware converts it to an RFC 9457 body. */
export class Problem extends Error {
  readonly status: number;
  readonly errors: readonly ErrorDetail[];

  constructor(status: number, options: { detail?: string; errors?: readonly ErrorDetail[] } = {}) {
    super(options.detail ?? titleOf(status));
    this.name = 'Problem';
    this.status = status;
    this.errors = options.errors ?? [];
  }
}

/** A 400 that lists the invalid parameters, as SK's InvalidRequestErrorResponse does. */
export function invalid(errors: readonly ErrorDetail[]): Problem {
  // Report the same error only once.
  const first = errors.filter(
    ({ detail }, index) => errors.findIndex((other) => other.detail === detail) === index,
  );
  return new Problem(400, { detail: 'Invalid request parameters found', errors: first });
}

/** A 400 for a parameter of the URL, which has no JSON pointer. */
export function invalidParameter(paramName: string, reason: string): Problem {
  return invalid([{ detail: `Invalid ${paramName}: ${reason}`, paramName }]);
}

/** An RFC 9457 body with SK's `errors` extension. */
export function problemBody({ status, message, errors }: Problem): object {
  return {
    type: 'about:blank',
    title: titleOf(status),
    status,
    detail: message,
    instance: `/task-id/${randomBytes(12).toString('base64url')}`,
    ...(errors.length > 0 ? { errors } : {}),
  };
}

function titleOf(status: number): string {
  return TITLES[status] ?? (status >= 500 ? 'Internal Server Error' : 'Bad Request');
}
