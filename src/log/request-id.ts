/**
 * The number of the current request. An error page shows it. The log line of the request, the lines of its errors and its
 * audit events contain it as `request`, so that one search finds all of them.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomInt } from 'node:crypto';

/** Crockford's Base32: no letters and digits that are easily confused when a number is read aloud. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ID_LENGTH = 8;

const requests = new AsyncLocalStorage<string>();

/** Runs `answer` with a new number, which applies to everything it does, also asynchronously. */
export function withRequestId<T>(answer: (requestId: string) => T): T {
  const requestId = Array.from({ length: ID_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join(
    '',
  );
  return requests.run(requestId, answer, requestId);
}

/** Undefined outside of a request, for example in periodic work. */
export function currentRequestId(): string | undefined {
  return requests.getStore();
}
