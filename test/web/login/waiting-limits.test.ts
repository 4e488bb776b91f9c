import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWaitingLimits } from '../../../src/web/login/waiting-limits.ts';

const NETWORK = '192.0.2.0/24';
const NOW = () => 1_700_000_000_000;

describe('event streams', () => {
  it('are at most four for one login, from any networks', () => {
    const limits = createWaitingLimits(NOW);
    for (let count = 0; count < 4; count++) assert.ok(limits.listen('login', `network ${count}`));
    assert.equal(limits.listen('login', 'another network'), undefined);
    assert.ok(limits.listen('another login', 'another network'));
  });

  it('are at most 500 for one network, of any logins, and another one once one has ended', () => {
    const limits = createWaitingLimits(NOW);
    const places = Array.from({ length: 500 }, (_, count) => limits.listen(`login ${count}`, NETWORK));
    assert.ok(!places.includes(undefined));
    assert.equal(limits.listen('one more', NETWORK), undefined);
    assert.ok(limits.listen('one more', '198.51.100.0/24'), 'other networks have their own places');
    places[0]?.();
    assert.ok(limits.listen('one more', NETWORK));
    assert.equal(limits.listen('and another', NETWORK), undefined);
  });

  it('that are refused are not counted', () => {
    const limits = createWaitingLimits(NOW);
    const places = Array.from({ length: 4 }, () => limits.listen('login', NETWORK));
    for (let count = 0; count < 500; count++) assert.equal(limits.listen('login', NETWORK), undefined);
    assert.ok(limits.listen('another login', NETWORK));
    places[0]?.();
    assert.ok(limits.listen('login', NETWORK));
  });
});
