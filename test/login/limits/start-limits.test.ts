import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Attempt } from '../../../src/login/attempt.ts';
import { createWaitingLimits } from '../../../src/web/login/waiting-limits.ts';
import {
  authentication,
  ends,
  failed,
  given,
  limitBy,
  lines,
  linkFor,
  linkRequest,
  login,
  NO_LIMITS,
  prepareLimitedLogin,
  push,
  request,
  RULES,
  starts,
  store,
  waitOf,
} from '../../support/limited-login.ts';

prepareLimitedLogin();

describe('a login under limits', () => {
  it('counts starts by address, and pushes by person; a device link for one person is not limited by those', async () => {
    const one = { count: 1, perMs: 60_000 };
    const [here, there] = ['2001:db8:1:2::1', '2001:db8:1:3::1'];
    limitBy({ ...NO_LIMITS, address: one });
    assert.equal((await linkFor(undefined, here)).state, 'waiting');
    // Another address of the same household.
    assert.deepEqual(waitOf(await linkFor(undefined, '2001:db8:1:2::ffff')), ['too_many_logins', 60]);
    assert.equal((await linkFor(undefined, there)).state, 'waiting');

    limitBy({ ...NO_LIMITS, person: one });
    for (let count = 0; count < 3; count += 1) assert.equal((await linkFor(given.person)).state, 'waiting');
    assert.equal((await push({ knownBrowser: false })).state, 'waiting');
    assert.deepEqual(waitOf(await push({ knownBrowser: false })), ['too_many_logins_of_person', 60]);
    assert.equal((await linkFor(given.person)).state, 'waiting');
  });

  it('counts the /56 and the /48 of an IPv6 address with larger allowances', async () => {
    limitBy({ ...NO_LIMITS, address: { count: 2, perMs: 3_600_000 } });
    const admitted = async (addresses: readonly string[]) => {
      let count = 0;
      for (const address of addresses)
        if ((await linkFor(undefined, address)).state === 'waiting') count += 1;
      return count;
    };
    const networks = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${prefix}${index.toString(16).padStart(2, '0')}::1`);
    assert.equal(await admitted(networks('2001:db8:a:10', 20)), 8, 'of one /56');
    const many = [1, 2, 3, 4, 5, 6].flatMap((each) => networks(`2001:db8:b:${each}0`, 20));
    assert.equal(await admitted(many), 32, 'of one /48');
    assert.equal(await admitted(['2001:db8:c:1::1', '192.0.2.77']), 2);
  });

  it('counts a start of a client without a browser by client and person, not by the address of its server', async () => {
    limitBy({
      ...RULES,
      address: { count: 1, perMs: 3_600_000 },
      client: { count: 2, perMs: 3_600_000 },
    });
    const address = '203.0.113.77';
    const start = () => {
      given.person = `PNOEE-${randomUUID()}`;
      return push({ clientId: 'caller', address, knownBrowser: false, backchannel: true });
    };
    assert.equal((await start()).state, 'waiting');
    assert.equal((await start()).state, 'waiting');
    const third = await start();
    assert.ok(third.state === 'failed' && third.failure.detail === 'limited by client');
    assert.deepEqual(
      lines
        .map((line) => JSON.parse(line) as { event: string; channel?: string })
        .filter(({ event }) => event === 'login_limited')
        .map(({ channel }) => channel),
      ['backchannel'],
    );
  });

  it('counts an attempt that is abandoned before its push', async () => {
    limitBy({ ...NO_LIMITS, address: { count: 3, perMs: 3_600_000 } });
    const states: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const begun = await login.begin(request({ address: '192.0.2.200' }));
      states.push(begun.state);
      await login.cancel(begun);
    }
    assert.deepEqual(states, ['pending', 'pending', 'pending', 'failed', 'failed']);
  });

  it('has one row for all that limits refuse in a login, also after the wait, and for requests at once', async () => {
    const rows = new Set<string>();
    limitBy(
      { ...NO_LIMITS, address: { count: 1, perMs: 60_000 } },
      {
        async add(attempt) {
          const live = await store.attempts.add(attempt);
          rows.add(live.id);
          return live;
        },
        async putRefused(attempt) {
          rows.add(attempt.id);
          return store.attempts.putRefused(attempt);
        },
      },
    );
    const address = '192.0.2.201';
    const interactionUid = randomUUID();
    const ids = new Set<string>();
    const isRefused = async (next = request({ interactionUid, address })) => {
      const attempt = await login.begin(next);
      assert.equal(waitOf(attempt)[0], 'too_many_logins');
      assert.equal((await login.current(interactionUid))?.id, attempt.id);
      ids.add(attempt.id);
      return waitOf(attempt)[1];
    };
    const others = () => {
      given.person = `PNOEE-${randomUUID()}`;
      return [request({ interactionUid, address }), linkRequest({ interactionUid, address })];
    };
    await login.begin(request({ address }));
    await Promise.all(Array.from({ length: 10 }, () => others().map(isRefused)).flat());
    for (const other of others()) await isRefused(other);
    // Each time after the wait, another login has used up the allowance again.
    for (let count = 0; count < 5; count += 1) {
      given.time += 61_000;
      assert.equal((await login.begin(request({ address }))).state, 'pending');
      assert.equal(await isRefused(), 60);
      for (const other of others()) await isRefused(other);
    }
    assert.equal(ids.size, 1);
    assert.equal(rows.size, 1 + 6);
    given.time += 61_000;
    const admitted = await login.begin(request({ interactionUid, address }));
    assert.equal(admitted.state, 'pending');
    await login.cancel(admitted);
    // The newest of the login again, after what was admitted in between.
    assert.equal(await isRefused(), 60);
    assert.deepEqual([ids.size, rows.size], [1, 1 + 7]);
  });

  it('shows the attempt that goes on, not what a limit refuses at the same time in another tab', async () => {
    const address = '192.0.2.203';
    const interactionUid = randomUUID();
    let goesOn: Attempt | undefined;
    limitBy(
      { ...NO_LIMITS, address: { count: 2, perMs: 60_000 } },
      {
        async putRefused(attempt) {
          goesOn = await store.attempts.add({ ...begun, id: randomUUID(), interactionUid });
          return store.attempts.putRefused(attempt);
        },
      },
    );
    const begun = await login.begin(request({ address }));
    await login.begin(request({ address }));
    assert.deepEqual(await login.begin(request({ interactionUid, address })), goesOn);
    assert.ok(goesOn);
    assert.deepEqual(await login.current(interactionUid), goesOn);
    await login.cancel(goesOn);
    assert.equal((await login.current(interactionUid))?.state, 'failed');
  });

  it('shows that the login is done, not what another tab asks for or a limit refuses at the same time', async () => {
    for (const count of [1, 2]) {
      const [interactionUid, address] = [randomUUID(), '192.0.2.204'];
      const rules = { ...NO_LIMITS, address: { count, perMs: 60_000 } };
      limitBy(rules);
      const first = await push({ interactionUid, address });
      const done = await ends(first, { kind: 'authenticated', authentication });
      assert.ok(done.state === 'authenticated');
      limitBy(rules, {
        // The first tab completes it just before the second one cancels it.
        async replace(previous, next, ...more) {
          if (next.state === 'cancelled') await login.complete(done, []);
          return store.attempts.replace(previous, next, ...more);
        },
      });
      assert.equal((await login.begin(linkRequest({ interactionUid, address }))).state, 'finished');
      assert.equal((await login.current(interactionUid))?.state, 'finished');
      given.time += 600_000;
    }
  });

  it('tells by which limit it is refused now', async () => {
    const one = { count: 1, perMs: 3_600_000 };
    const [interactionUid, address] = [randomUUID(), '192.0.2.202'];
    limitBy({ ...NO_LIMITS, person: one });
    await push();
    const ofPerson = await push({ interactionUid, address });
    assert.equal(waitOf(ofPerson)[0], 'too_many_logins_of_person');
    limitBy({ ...NO_LIMITS, address: one });
    await login.begin(request({ address }));
    assert.equal(waitOf(await login.begin(request({ interactionUid, address })))[0], 'too_many_logins');
  });

  it('does not let strangers use up the pushes of a browser that the person uses, or the logins of a client', async () => {
    const one = { count: 1, perMs: 3_600_000 };
    limitBy({ address: undefined, client: one, person: one, pushWaits: [3_600_000] });
    const stranger = await push({ knownBrowser: false });
    assert.equal(stranger.state, 'waiting');
    await ends(stranger, failed('user_refused'));
    const again = await push({ knownBrowser: false });
    assert.equal(again.state === 'failed' && again.failure.code, 'too_many_logins');
    assert.equal((await linkFor(undefined)).state, 'waiting');
    assert.equal((await push({ knownBrowser: true })).state, 'waiting');
    assert.equal((await push({ knownBrowser: true })).state, 'failed', 'its own allowance is limited too');
    assert.equal(
      (await push({ knownBrowser: false, hasOwnAllowance: true })).state,
      'failed',
      'the same one',
    );
  });

  it('does not let strangers keep a person out of a browser in which they have logged in by a push', async () => {
    const one = { count: 1, perMs: 3_600_000 };
    limitBy({ address: undefined, client: one, person: one, pushWaits: [3_600_000] });
    await ends(await push({ knownBrowser: false }), failed('user_refused'));
    assert.equal((await push({ knownBrowser: false })).state, 'failed');
    assert.equal((await push({ knownBrowser: false, hasOwnAllowance: true })).state, 'waiting');
  });

  it('waits where the instance has no place for it, and uses up no allowance; who waits already goes on', async () => {
    const one = { count: 1, perMs: 3_600_000 };
    const held: string[] = [];
    let isFull = true;
    limitBy({ address: one, client: undefined, person: one, pushWaits: undefined }, undefined, {
      take: () => (isFull ? { by: 'instance', retryAt: given.time + 20_000 } : undefined),
      leave: () => undefined,
      hold: (uid) => held.push(uid),
    });
    const address = '192.0.2.211';
    const interactionUid = randomUUID();
    const refused = await login.begin(request({ interactionUid, address }));
    assert.deepEqual(waitOf(refused), ['too_many_waiting', 20]);
    assert.equal((await login.begin(request({ interactionUid, address }))).id, refused.id, 'a second click');
    assert.equal(starts, 0);
    isFull = false;
    const begun = await login.begin(request({ interactionUid, address }));
    assert.equal(begun.state, 'pending');
    isFull = true;
    assert.equal((await login.begin(request({ interactionUid, address }))).id, begun.id);
    const waiting = await login.advance(begun, 0);
    assert.equal(waiting.state, 'waiting');
    assert.deepEqual(held, []);
    await login.advance(waiting, 0);
    assert.deepEqual(held, [interactionUid]);
    const limited = lines.filter(
      (line) => line.includes('"login_limited"') && line.includes('"by":"instance"'),
    );
    assert.equal(limited.length, 1);
  });

  it('keeps no place where it is refused: one address cannot fill the instance', async () => {
    const waiting = createWaitingLimits(() => given.time, { places: 3 });
    const NO_LIMITS = { client: undefined, person: undefined, pushWaits: undefined };
    limitBy({ ...NO_LIMITS, address: { count: 1, perMs: 3_600_000 } }, undefined, waiting);
    const states = [];
    for (let count = 0; count < 6; count += 1) {
      const { id, interactionUid, state } = await login.begin(request({ address: '192.0.2.221' }));
      states.push(state);
      waiting.poll(interactionUid);
      assert.equal((await login.current(interactionUid))?.id, id);
    }
    assert.deepEqual(states, ['pending', ...Array<string>(5).fill('failed')]);
    assert.equal(waiting.logins(), 1);
    assert.equal((await login.begin(request({ address: '192.0.2.222' }))).state, 'pending');
  });

  it('does not let strangers use up what a client may ask for without a browser, and has a limit for that', async () => {
    limitBy({
      address: undefined,
      client: { count: 1, perMs: 3_600_000 },
      person: undefined,
      pushWaits: undefined,
    });
    const of = (backchannel: boolean) => {
      given.person = `PNOEE-${randomUUID()}`;
      return push({ clientId: 'shared', knownBrowser: false, backchannel });
    };
    assert.equal((await of(false)).state, 'waiting');
    assert.equal((await of(false)).state, 'failed');
    assert.equal((await of(true)).state, 'waiting');
    assert.equal((await of(true)).state, 'failed');
  });

  it('logs the limit that stopped it, with pseudonyms', async () => {
    await push();
    await push({ address: '198.51.100.77' });
    const limited = lines.filter((line) => line.includes('"login_limited"'));
    assert.equal(limited.length, 1);
    assert.partialDeepStrictEqual(JSON.parse(limited[0] ?? ''), { by: 'push', address: 'pseudonym' });
    assert.ok(!lines.join('').includes('198.51.100.77'));
    assert.ok(!lines.join('').includes(given.person));
  });

  it('has one audit event for its limit for each request, and none when it ends', async () => {
    limitBy({ ...RULES, address: { count: 1, perMs: 3_600_000 } });
    const interactionUid = randomUUID();
    for (const [index, code] of ['40504040001', '50001029996', '39901012239'].entries()) {
      given.person = `PNOEE-${code}`;
      await push({ interactionUid, address: '203.0.113.9' });
      await login.cancel(await login.begin(request({ address: `198.51.100.${index}` })));
    }
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    assert.deepEqual(events, [
      'login_begun',
      'login_waiting',
      'login_cancelled',
      'login_limited',
      'login_limited',
    ]);
  });

  it('drops the address when it starts', async () => {
    const sent = await push();
    assert.ok(!JSON.stringify(sent).includes('192.0.2.1'));
  });
});
