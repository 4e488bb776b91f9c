/** How large the authorization requests of a peer are: docs/clients.md has the figures. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { MAX_AUTHORIZATION_REQUEST } from '../../src/web/middleware/authorization-limits.ts';
import type { TamperingProxy } from './tampering-proxy.ts';

/** Prefix of the diagnostics from which the table is made. */
export const SIZE_NOTE = 'bytes of the largest request ';

export function assertSmallRequests(test: TestContext, { authorizationRequests }: TamperingProxy): void {
  const sizes = authorizationRequests.map(({ search }) => search.length - 1);
  assert.ok(sizes.length > 0);
  const largest = Math.max(...sizes);
  test.diagnostic(SIZE_NOTE + String(largest));
  assert.ok(largest < MAX_AUTHORIZATION_REQUEST / 2, `${largest} bytes`);
}
