/** Logins under limits that are kept in a real database, with a fake Smart-ID. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createLogger } from '../../../src/log/logger.ts';
import { type Attempt } from '../../../src/login/attempt.ts';
import type { AttemptStore } from '../../../src/login/attempt-store.ts';
import { type LimitRules, PUSH_LIVE_MS } from '../../../src/login/limits/limit-rules.ts';
import { createStartLimits } from '../../../src/login/limits/start-limits.ts';
import { ANY_NUMBER } from '../../../src/login/limits/waiting-places.ts';
import { createLogin, type Login } from '../../../src/login/login.ts';
import type {
  DeviceLinkLoginRequest,
  LoginRequest,
  NotificationLoginRequest,
} from '../../../src/login/login-request.ts';
import type { FailureCode } from '../../../src/login/failure.ts';
import type {
  AuthenticatedPerson,
  Authenticator,
  PollResult,
  StartResult,
} from '../../../src/login/authenticator.ts';
import { createWaitingLimits } from '../../../src/web/login/waiting-limits.ts';
import { isOutage, StoreError } from '../../../src/store/errors.ts';
import type { Store } from '../../../src/store/store.ts';
import {
  aDeviceLinkSession,
  aPreparedDeviceLink,
  aPreparedSession,
  aSession,
  anAuthenticatedPerson,
} from '../../support/answers/authentications.ts';
import { createTestAudit } from '../../support/outputs/audit.ts';
import { openTestStore } from '../../support/database.ts';

let authentication: AuthenticatedPerson;
const RULES: LimitRules = {
  address: { count: 100, perMs: 600_000 },
  client: { count: 100, perMs: 600_000 },
  person: { count: 10, perMs: 3_600_000 },
  pushWaits: [0, 30_000, 120_000],
};

let time = 1_700_000_000_000;
let store: Store;
let login: Login;
let lines: string[];
let starts: number;
let startResult: StartResult;
let pollResult: PollResult;
let person: string;

const authenticator: Pick<Authenticator, 'prepare' | 'start' | 'poll'> = {
  prepare(asked) {
    const { session, ...rest } = asked.flow === 'notification' ? aPreparedSession() : aPreparedDeviceLink();
    return { session, expectedIdentifier: asked.identifier, ...rest };
  },
  start: async () => {
    starts += 1;
    return startResult;
  },
  poll: async () => pollResult,
};

before(async () => {
  authentication = await anAuthenticatedPerson();
  store = await openTestStore({ now: () => time });
});
after(() => store.close());
beforeEach(() => {
  starts = 0;
  startResult = { kind: 'started', session: aSession() };
  pollResult = { kind: 'running' };
  lines = [];
  login = under(RULES);
  // Not started yet.
  person = `PNOEE-${randomUUID()}`;
});

/** @param attempts methods that differ from those of the store */
function under(rules: LimitRules, attempts: Partial<AttemptStore> = {}, places = ANY_NUMBER): Login {
  const log = createLogger({ level: 'debug', destination: { write: (line) => lines.push(line) } });
  return createLogin({
    attempts: { ...store.attempts, ...attempts },
    authenticator: {
      ...authenticator,
      flows: [],
      qrLink: () => '',
      appLink: () => '',
      linksCreatedAt: () => 0,
    },
    limits: createStartLimits(store.limits, rules),
    places,
    log,
    audit: createTestAudit(log),
    metrics: { loginBegun: () => undefined, loginEnded: () => undefined },
    now: () => time,
    newId: randomUUID,
    randomBytes,
    callbackUrl: 'https://login.example.ee/callback/smart-id',
    isCountryAllowed: () => true,
    isOutage,
  });
}

function request(
  change: Partial<
    Pick<NotificationLoginRequest, 'interactionUid' | 'clientId' | 'address' | 'knownBrowser' | 'backchannel'>
  > = {},
): LoginRequest {
  return {
    flow: 'notification',
    interactionUid: randomUUID(),
    clientId: 'client',
    address: '192.0.2.1',
    identifier: person,
    displayText: 'Log in to Sample app',
    knownBrowser: true,
    codeFirst: false,
    ...change,
  };
}

/** Starts a login of the person, by default from another browser. */
async function push(change?: Parameters<typeof request>[0]): Promise<Attempt> {
  return login.advance(await login.begin(request(change)), 1_000);
}

async function linkFor(identifier: string | undefined, address = '192.0.2.1'): Promise<Attempt> {
  startResult = { kind: 'started', session: aDeviceLinkSession() };
  return login.advance(await login.begin(linkRequest({ address, identifier })), 1_000);
}

function linkRequest(
  change: Partial<Pick<DeviceLinkLoginRequest, 'interactionUid' | 'address' | 'identifier'>>,
): LoginRequest {
  return {
    flow: 'qr',
    interactionUid: randomUUID(),
    clientId: 'client',
    address: '192.0.2.1',
    displayText: 'Log in to Sample app',
    ...change,
  };
}

/** The attempt after its end. */
async function ends(attempt: Attempt, result: PollResult): Promise<Attempt> {
  pollResult = result;
  const ended = await login.advance(attempt, 1_000);
  pollResult = { kind: 'running' };
  return ended;
}

function failed(code: FailureCode): PollResult {
  return { kind: 'failed', failure: { code, detail: '' } };
}

/** The seconds to wait and the reason; 0 if the push was sent. */
function waitOf(attempt: Attempt): readonly [FailureCode | undefined, number] {
  if (attempt.state !== 'failed') return [undefined, 0];
  const { code, retryAt = Number.NaN } = attempt.failure;
  return [code, (retryAt - time) / 1_000];
}

describe('a login under limits', () => {
  it('has to wait while a push to the same person from another browser is unanswered, and sends no request to Smart-ID', async () => {
    await push();
    assert.deepEqual(waitOf(await push()), ['push_too_soon', PUSH_LIVE_MS / 1_000]);
    assert.equal(starts, 1);
    time += PUSH_LIVE_MS;
    assert.equal((await push()).state, 'waiting');
  });

  it('is one login when the form is submitted several times: a second click is not limited by the first', async () => {
    const interactionUid = randomUUID();
    const all = await Promise.all(Array.from({ length: 10 }, () => push({ interactionUid })));
    assert.equal(starts, 1);
    for (const { state } of all) assert.ok(['pending', 'starting', 'waiting'].includes(state), state);
    assert.equal((await login.current(interactionUid))?.state, 'waiting');
  });

  for (const code of ['user_refused', 'timeout', 'wrong_verification_code', 'account_unusable'] as const) {
    it(`waits longer after each ${code}`, async () => {
      for (const seconds of [0, 30, 120, 120]) {
        await ends(await push(), failed(code));
        if (seconds === 0) continue;
        assert.deepEqual(waitOf(await push()), ['push_too_soon', seconds]);
        time += seconds * 1_000;
      }
    });
  }

  it('waits equally long for a person without an account and for one who refuses', async () => {
    const seen = async (unsuccessful: () => Promise<Attempt>) => {
      person = `PNOEE-${randomUUID()}`;
      const waits = [];
      for (let count = 0; count < 12; count++) {
        const next = await unsuccessful();
        const limited = next.state === 'failed' && next.failure.retryAt !== undefined;
        const [code, seconds] = limited ? waitOf(next) : [undefined, 0];
        waits.push([code, seconds]);
        time += seconds * 1_000;
      }
      return waits;
    };
    const existing = await seen(async () => {
      const sent = await push();
      return sent.state === 'waiting' ? ends(sent, failed('user_refused')) : sent;
    });
    for (const code of ['account_not_found', 'account_not_suitable', 'attention_required'] as const) {
      startResult = { kind: 'failed', failure: { code, detail: '' } };
      assert.deepEqual(await seen(push), existing);
    }
    assert.ok(existing.some(([code]) => code === 'push_too_soon'));
  });

  it('has to wait while a phone shows a cancelled push, until it is answered there or has timed out', async () => {
    const sent = await push();
    await login.cancel(sent);
    assert.deepEqual(waitOf(await push()), ['push_too_soon', PUSH_LIVE_MS / 1_000]);
    pollResult = { kind: 'unreachable', detail: '' };
    assert.equal(waitOf(await push())[0], 'push_too_soon');
    pollResult = failed('user_refused');
    assert.equal((await push()).state, 'waiting');
    assert.equal((await login.current(sent.interactionUid))?.state, 'cancelled');
  });

  it('makes a person wait who keeps cancelling, though each push is answered on the phone', async () => {
    let sent = await push();
    for (const seconds of [0, 30, 120]) {
      await login.cancel(sent);
      pollResult = { kind: 'authenticated', authentication };
      if (seconds > 0) assert.deepEqual(waitOf(await push()), ['push_too_soon', seconds]);
      time += seconds * 1_000;
      sent = await push();
      assert.equal(sent.state, 'waiting');
    }
  });

  it('does not extend the wait when a refused request is repeated', async () => {
    await login.cancel(await push());
    pollResult = failed('user_refused');
    await login.cancel(await push());
    assert.deepEqual(waitOf(await push()), ['push_too_soon', 30]);
    time += 20_000;
    assert.deepEqual(waitOf(await push()), ['push_too_soon', 10]);
    time += 10_000;
    assert.equal((await push()).state, 'waiting');
  });

  it('starts again with the first wait after a login by a push', async () => {
    for (let round = 0; round < 3; round++) {
      await ends(await push(), failed('user_refused'));
      const done = await ends(await push(), { kind: 'authenticated', authentication });
      assert.equal(done.state, 'authenticated');
    }
  });

  it('starts again with the first wait even if the store fails as the login ends', async () => {
    for (let count = 0; count < 2; count++) await ends(await push(), failed('user_refused'));
    time += 30_000;
    let failures = 0;
    login = under(RULES, {
      // The store's answer is lost once, after the end of the push was stored with the attempt.
      async replace(previous, next, pushEnd) {
        const replaced = await store.attempts.replace(previous, next, pushEnd);
        if (next.state !== 'authenticated' || (failures += 1) > 1) return replaced;
        throw new StoreError('database_unreachable', 'the connection has ended');
      },
    });
    const done = await ends(await push(), { kind: 'authenticated', authentication });
    assert.equal(done.state, 'authenticated');
    assert.equal(failures, 2);
    assert.equal((await push()).state, 'waiting');
  });

  it('does not start again with the first wait after a login by a device link', async () => {
    for (let count = 0; count < 2; count++) await ends(await push(), failed('user_refused'));
    const done = await ends(await linkFor(person), { kind: 'authenticated', authentication });
    assert.equal(done.state, 'authenticated');
    assert.deepEqual(waitOf(await push()), ['push_too_soon', 30]);
  });

  for (const code of ['service_failed', 'maintenance', 'relying_party_not_allowed'] as const) {
    it(`does not wait after a request that Smart-ID did not take: ${code}`, async () => {
      startResult = { kind: 'failed', failure: { code, detail: '' } };
      for (let count = 0; count < 5; count++) assert.equal(waitOf(await push())[0], code);
    });
  }

  it('has to wait after a request that may have reached Smart-ID', async () => {
    const failure = { code: 'service_failed', detail: 'timed_out' } as const;
    startResult = { kind: 'failed', failure, mayHaveStarted: true };
    await push();
    assert.deepEqual(waitOf(await push()), ['push_too_soon', PUSH_LIVE_MS / 1_000]);
    time += PUSH_LIVE_MS;
    await push();
    assert.deepEqual(waitOf(await push()), ['push_too_soon', PUSH_LIVE_MS / 1_000 + 30]);
  });

  for (const [how, result, state] of [
    ['refused', () => failed('user_refused'), 'failed'],
    ['confirmed', () => ({ kind: 'authenticated', authentication }) as const, 'authenticated'],
  ] as const) {
    it(`polls an abandoned push once to learn whether it has ended, and stores that it was ${how}`, async () => {
      const left = await push();
      pollResult = result();
      assert.equal((await push()).state, 'waiting');
      assert.equal((await login.current(left.interactionUid))?.state, state);
    });
  }

  it('counts starts by address, and pushes by person; a device link for one person is not limited by those', async () => {
    const one = { count: 1, perMs: 60_000 };
    const off = { address: undefined, client: undefined, person: undefined, pushWaits: undefined };
    const [here, there] = ['2001:db8:1:2::1', '2001:db8:1:3::1'];
    login = under({ ...off, address: one });
    assert.equal((await linkFor(undefined, here)).state, 'waiting');
    // Another address of the same household.
    assert.deepEqual(waitOf(await linkFor(undefined, '2001:db8:1:2::ffff')), ['too_many_logins', 60]);
    assert.equal((await linkFor(undefined, there)).state, 'waiting');

    login = under({ ...off, person: one });
    for (let count = 0; count < 3; count += 1) assert.equal((await linkFor(person)).state, 'waiting');
    assert.equal((await push({ knownBrowser: false })).state, 'waiting');
    assert.deepEqual(waitOf(await push({ knownBrowser: false })), ['too_many_logins_of_person', 60]);
    assert.equal((await linkFor(person)).state, 'waiting');
  });

  it('counts the /56 and the /48 of an IPv6 address with larger allowances', async () => {
    const off = { address: undefined, client: undefined, person: undefined, pushWaits: undefined };
    login = under({ ...off, address: { count: 2, perMs: 3_600_000 } });
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
    login = under({
      ...RULES,
      address: { count: 1, perMs: 3_600_000 },
      client: { count: 2, perMs: 3_600_000 },
    });
    const address = '203.0.113.77';
    const start = () => {
      person = `PNOEE-${randomUUID()}`;
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
    const off = { address: undefined, client: undefined, person: undefined, pushWaits: undefined };
    login = under({ ...off, address: { count: 3, perMs: 3_600_000 } });
    const states: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const begun = await login.begin(request({ address: '192.0.2.200' }));
      states.push(begun.state);
      await login.cancel(begun);
    }
    assert.deepEqual(states, ['pending', 'pending', 'pending', 'failed', 'failed']);
  });

  it('adds no row for a refused request that is repeated, until its wait is over', async () => {
    const off = { address: undefined, client: undefined, person: undefined, pushWaits: undefined };
    let rows = 0;
    login = under(
      { ...off, address: { count: 1, perMs: 60_000 } },
      {
        async add(attempt) {
          const live = await store.attempts.add(attempt);
          if (live.id === attempt.id) rows += 1;
          return live;
        },
      },
    );
    const address = '192.0.2.201';
    await login.begin(request({ address }));
    const interactionUid = randomUUID();
    const first = await login.begin(request({ interactionUid, address }));
    assert.equal((await login.begin(request({ interactionUid, address }))).id, first.id);
    // Nor where another code is typed each time, or another flow is chosen.
    const owner = person;
    for (let count = 0; count < 5; count += 1) {
      person = `PNOEE-${randomUUID()}`;
      assert.equal((await login.begin(request({ interactionUid, address }))).id, first.id);
    }
    assert.equal((await login.begin(linkRequest({ interactionUid, address }))).id, first.id);
    assert.equal(rows, 2);
    person = owner;
    time += 61_000;
    assert.notEqual((await login.begin(request({ interactionUid, address }))).id, first.id);
  });

  it('has another row where another limit refuses it', async () => {
    const off = { address: undefined, client: undefined, person: undefined, pushWaits: undefined };
    const one = { count: 1, perMs: 3_600_000 };
    const [interactionUid, address] = [randomUUID(), '192.0.2.202'];
    login = under({ ...off, person: one });
    await push();
    const ofPerson = await push({ interactionUid, address });
    assert.equal(waitOf(ofPerson)[0], 'too_many_logins_of_person');
    login = under({ ...off, address: one });
    await login.begin(request({ address }));
    assert.equal(waitOf(await login.begin(request({ interactionUid, address })))[0], 'too_many_logins');
  });

  it('does not let strangers use up the pushes of a browser that the person uses, or the logins of a client', async () => {
    const one = { count: 1, perMs: 3_600_000 };
    login = under({ address: undefined, client: one, person: one, pushWaits: [3_600_000] });
    const stranger = await push({ knownBrowser: false });
    assert.equal(stranger.state, 'waiting');
    await ends(stranger, failed('user_refused'));
    const again = await push({ knownBrowser: false });
    assert.equal(again.state === 'failed' && again.failure.code, 'too_many_logins');
    assert.equal((await linkFor(undefined)).state, 'waiting');
    assert.equal((await push({ knownBrowser: true })).state, 'waiting');
    assert.equal((await push({ knownBrowser: true })).state, 'failed', 'its own allowance is limited too');
  });

  it('waits where the instance has no place for it, and uses up no allowance; who waits already goes on', async () => {
    const one = { count: 1, perMs: 3_600_000 };
    const held: string[] = [];
    let isFull = true;
    login = under({ address: one, client: undefined, person: one, pushWaits: undefined }, undefined, {
      take: () => (isFull ? { by: 'instance', retryAt: time + 20_000 } : undefined),
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
    const waiting = createWaitingLimits(() => time, { places: 3 });
    const off = { client: undefined, person: undefined, pushWaits: undefined };
    login = under({ ...off, address: { count: 1, perMs: 3_600_000 } }, undefined, waiting);
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
    login = under({
      address: undefined,
      client: { count: 1, perMs: 3_600_000 },
      person: undefined,
      pushWaits: undefined,
    });
    const of = (backchannel: boolean) => {
      person = `PNOEE-${randomUUID()}`;
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
    assert.ok(!lines.join('').includes(person));
  });

  it('has one audit event for its limit for each request, and none when it ends', async () => {
    login = under({ ...RULES, address: { count: 1, perMs: 3_600_000 } });
    const interactionUid = randomUUID();
    for (const [index, code] of ['40504040001', '50001029996', '39901012239'].entries()) {
      person = `PNOEE-${code}`;
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
