import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWaitingLimits, RETRY_MS } from '../../../src/web/login/waiting-limits.ts';

const ADDRESS = '192.0.2.1';
const OTHER = '198.51.100.1';
const NOW = () => 1_700_000_000_000;

describe('event streams', () => {
  it('are at most four for one login, from any networks', () => {
    const limits = createWaitingLimits(NOW);
    for (let count = 0; count < 4; count++) assert.ok(limits.listen('login', `192.0.2.${count}`));
    assert.equal(limits.listen('login', OTHER), undefined);
    assert.ok(limits.listen('another login', OTHER));
  });

  it('are at most 500 for one address, of any logins, and another one once one has ended', () => {
    const limits = createWaitingLimits(NOW);
    const places = Array.from({ length: 500 }, (_, count) => limits.listen(`login ${count}`, ADDRESS));
    assert.ok(!places.includes(undefined));
    assert.equal(limits.listen('one more', ADDRESS), undefined);
    assert.ok(limits.listen('one more', OTHER), 'other networks have their own places');
    places[0]?.();
    assert.ok(limits.listen('one more', ADDRESS));
    assert.equal(limits.listen('and another', ADDRESS), undefined);
  });

  it('are counted while they are open, limited or not', () => {
    for (const limited of [true, false]) {
      const limits = createWaitingLimits(NOW, { limited });
      const places = Array.from({ length: 6 }, () => limits.listen('login', ADDRESS));
      const open = limited ? 4 : 6;
      assert.equal(limits.pages(), open);
      for (const leave of places) leave?.();
      assert.equal(limits.pages(), 0);
      for (let polls = 0; polls < 300; polls++) limits.poll('login');
      assert.equal(limits.poll('login') > 0, limited);
    }
  });

  it('are at most four and sixteen times as many for an IPv6 /56 and /48', () => {
    const limits = createWaitingLimits(NOW);
    let logins = 0;
    const opened = (networks: readonly string[]) =>
      networks
        .flatMap((network) => Array.from({ length: 600 }, () => `${network}::1`))
        .filter((address) => limits.listen(`login ${(logins += 1)}`, address)).length;
    const subnets = (prefix: string) => Array.from({ length: 5 }, (_, index) => `${prefix}${index}`);
    assert.equal(opened(subnets('2001:db8:1:a0')), 2_000);
    const of48 = [1, 2, 3, 4, 5].flatMap((each) => subnets(`2001:db8:2:${each}0`));
    assert.equal(opened(of48), 8_000);
    assert.equal(opened(['2001:db8:3:1']), 500);
  });

  it('that are refused are not counted', () => {
    const limits = createWaitingLimits(NOW);
    const places = Array.from({ length: 4 }, () => limits.listen('login', ADDRESS));
    for (let count = 0; count < 500; count++) assert.equal(limits.listen('login', ADDRESS), undefined);
    assert.ok(limits.listen('another login', ADDRESS));
    places[0]?.();
    assert.ok(limits.listen('login', ADDRESS));
  });
});

describe('waiting logins', () => {
  it('are those with open streams, each once, and those that have asked the eID within ten seconds', () => {
    let now = NOW();
    const limits = createWaitingLimits(() => now);
    const places = ['a', 'a', 'b'].map((login) => limits.listen(login, ADDRESS));
    limits.hold('b');
    limits.hold('c');
    limits.poll('a page of a login that has ended');
    assert.equal(limits.logins(), 3);
    now += 6_000;
    limits.hold('d');
    now += 6_000;
    assert.equal(limits.logins(), 3, 'the streams are still open, and c has gone');
    places[0]?.();
    assert.equal(limits.logins(), 3, 'the other page of a');
    for (const leave of places.slice(1)) leave?.();
    assert.equal(limits.logins(), 1, 'd');
    now += 6_000;
    assert.equal(limits.logins(), 0);
  });
});

describe('places', () => {
  it('are free in time also after the clock was ahead and was corrected', () => {
    let now = NOW();
    const limits = createWaitingLimits(() => now, { places: 2 });
    assert.equal(limits.take('of the future'), undefined);
    now -= 3_600_000;
    for (const login of ['a', 'b', 'c', 'd']) {
      assert.equal(limits.take(login), undefined, login);
      now += 15_000;
    }
    assert.equal(limits.logins(), 0);
  });

  it('are taken by logins that have begun, wait at a page or are held, and free when those are gone', () => {
    let now = NOW();
    const limits = createWaitingLimits(() => now, { places: 3 });
    const refused = { by: 'instance', retryAt: now + RETRY_MS };
    const leave = limits.listen('listening', ADDRESS);
    limits.hold('listening');
    limits.hold('held');
    assert.equal(limits.isFull(), false);
    assert.equal(limits.take('begun'), undefined);
    assert.equal(limits.isFull(), true);
    assert.deepEqual(limits.take('one more'), refused);
    for (const login of ['listening', 'held', 'begun']) assert.equal(limits.take(login), undefined, login);
    assert.equal(limits.logins(), 3, 'who is refused takes no place, and nobody takes two');
    limits.poll('one more');
    assert.notEqual(limits.take('one more'), undefined, 'a page that polls has no place by that');
    limits.leave('begun');
    assert.equal(limits.isFull(), false, 'its login was refused');
    assert.equal(limits.take('begun'), undefined);
    now += 21_000;
    assert.equal(limits.isFull(), false);
    for (const login of ['one more', 'and another']) assert.equal(limits.take(login), undefined);
    assert.equal(limits.isFull(), true);
    leave?.();
    assert.equal(limits.isFull(), false);
  });

  it('are any number without a limit, and those of other instances are held beyond it', () => {
    const unlimited = createWaitingLimits(NOW);
    for (let count = 0; count < 6_000; count++) assert.equal(unlimited.take(`login ${count}`), undefined);
    const limits = createWaitingLimits(NOW, { places: 1 });
    for (const login of ['a', 'b']) limits.hold(login);
    assert.equal(limits.logins(), 2);
    assert.equal(limits.isFull(), true);
  });
});
