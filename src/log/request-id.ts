/**
 * The reference of the current request. An error page shows it. The log line of the request, the lines of its errors and its
 * audit events contain it as `request`, so that one search finds all of them.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { newReference } from '../reference.ts';

const requests = new AsyncLocalStorage<string>();

/** Runs `answer` with a new reference, which applies to everything it does, also asynchronously. */
export function withRequestId<T>(answer: (requestId: string) => T): T {
  const requestId = newReference();
  return requests.run(requestId, answer, requestId);
}

/** Undefined outside of a request, for example in periodic work. */
export function currentRequestId(): string | undefined {
  return requests.getStore();
}
