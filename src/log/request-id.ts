/**
 * The number of the request that is being answered. The page of an error shows it, and the request's log line, the lines of
 * its errors and its events in the audit have it as `request`, so that one search finds all of them.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomInt } from 'node:crypto';

/** Crockford's Base32: no letters and digits that are mistaken for each other when people read a number out. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ID_LENGTH = 8;

const requests = new AsyncLocalStorage<string>();

/** Gives a number to everything that `answer` does, also asynchronously. */
export function withRequestId<T>(answer: (requestId: string) => T): T {
  const requestId = Array.from({ length: ID_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join(
    '',
  );
  return requests.run(requestId, answer, requestId);
}

/** Undefined outside of a request, as in periodic work. */
export function currentRequestId(): string | undefined {
  return requests.getStore();
}
