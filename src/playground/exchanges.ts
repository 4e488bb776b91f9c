/** Requests of the playground to the login service, recorded as they were sent. No other host is asked. */
import type { CustomFetch } from 'openid-client';

export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
  readonly status: number;
  readonly answer: string;
}

/** Of an answer, the rest is left out of the record. */
const MOST_CHARACTERS = 20_000;

/**
 * A `fetch` that adds each request and its answer to `exchanges`.
 *
 * @throws Error for an address that is not of the issuer, whatever its discovery document says
 */
export function recordingFetch(issuer: string, exchanges: Exchange[]): CustomFetch {
  return async (url, { method, headers, body, redirect, signal }) => {
    requireIssuer(url, issuer);
    const sent = body === undefined || body === null ? undefined : textOf(body);
    const answer = await fetch(url, {
      method,
      headers,
      redirect,
      ...(sent === undefined ? {} : { body: sent }),
      ...(signal === undefined ? {} : { signal }),
    });
    exchanges.push({
      method,
      url,
      headers: Object.entries(headers),
      body: sent,
      status: answer.status,
      answer: (await answer.clone().text()).slice(0, MOST_CHARACTERS),
    });
    return answer;
  };
}

/** @throws Error if the address is not of the issuer */
export function requireIssuer(address: string | URL, issuer: string): void {
  if (new URL(address).origin !== new URL(issuer).origin) {
    throw new Error('discovery names an address that is not of the issuer, and the playground asks no other');
  }
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a request has a body of another kind');
}
