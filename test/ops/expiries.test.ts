import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expiryOf } from '../../src/ops/overview.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2031, 3, 5, 8);

function stateOf(days: number | undefined, warningDays: number) {
  const at = days === undefined ? undefined : NOW + days * DAY;
  return expiryOf({ kind: 'TLS certificate', name: '', at, warningDays, note: '' }, NOW).state;
}

describe('What expires, on the operator’s page', () => {
  it('is worth attention from its own number of days before', () => {
    assert.deepEqual(
      [stateOf(60, 60), stateOf(59, 60), stateOf(59, 14), stateOf(13, 14), stateOf(0, 0), stateOf(-1, 0)],
      ['fine', 'soon', 'fine', 'soon', 'fine', 'over'],
    );
    assert.equal(stateOf(undefined, 60), 'none');
  });
});
