import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, beforeEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createLogger } from '../../src/log/logger.ts';
import { type Attempt, ANSWER_MS, GRACE_MS, START_MS } from '../../src/login/attempt.ts';
import {
  CODE_FIRST_MS,
  createLogin,
  type DeviceLinkLoginRequest,
  type Login,
  type LoginRequest,
} from '../../src/login/login.ts';
import type {
  Authenticator,
  AuthenticationRequest,
  PollResult,
  CallbackParameters,
  StartResult,
  AuthenticatedPerson,
} from '../../src/login/authenticator.ts';
import type { EndedLogin, LoginLabels } from '../../src/metrics/metrics.ts';
import { createTestAudit } from '../support/outputs/audit.ts';
import { attemptsInMemory } from '../support/attempts-in-memory.ts';
import {
  aDeviceLinkSession,
  aPreparedDeviceLink,
  aPreparedSession,
  aSession,
  anAuthenticatedPerson,
} from '../support/answers/authentications.ts';
import type { Limited } from '../../src/login/limits/limit-store.ts';
import { unlimited } from '../support/unlimited.ts';

const IDENTIFIER = 'PNOEE-40504040001';
let authentication: AuthenticatedPerson;

let time: number;
let allowed: readonly string[];
let starts: number;
let startResult: StartResult;
let pollResult: PollResult;
let attempts: ReturnType<typeof attemptsInMemory>;
let lines: string[];
let login: Login;
let measured: (LoginLabels | EndedLogin)[];

let audit: ReturnType<typeof createTestAudit>;
/** Whether the store's answer to a change into this attempt arrives. */
let storeAnswers: (next: Attempt) => boolean;
/** What the store does in place of a change. */
let storeInstead: ((change: () => Promise<boolean>, next: Attempt) => Promise<boolean>) | undefined;
const LOST = 'the answer of the store is lost';
const isLost = (error: unknown) => error instanceof Error && error.message === LOST;

let prepared: AuthenticationRequest[];
let brought: (CallbackParameters | undefined)[];

const authenticator: Authenticator = {
  flows: ['qr', 'web2app', 'notification'],
  prepare(asked) {
    prepared.push(asked);
    const { session, ...rest } = asked.flow === 'notification' ? aPreparedSession() : aPreparedDeviceLink();
    return { session, expectedIdentifier: asked.identifier, ...rest };
  },
  start: async () => {
    starts += 1;
    return startResult;
  },
  async poll(_session, _waitMs, _signal, returned) {
    brought.push(returned);
    return pollResult;
  },
  qrLink: () => 'https://smart-id.com/device-link?deviceLinkType=QR',
  appLink: () => 'https://smart-id.com/device-link?deviceLinkType=Web2App',
  linksCreatedAt: () => time,
};
/** Why an attempt has to wait; undefined: it has not. */
let limited: Limited | undefined;
/** The same for the start of its session. */
let limitedStart: Limited | undefined;
const AWAY = new Error('the store is away');
const CALLBACK_URL = 'https://login.example.ee/callback/smart-id';
const isBoundToBrowser = (uid: string) => uid === 'uid';
const BROUGHT = { sessionSecretDigest: 'digest', userChallengeVerifier: 'verifier' };

before(async () => {
  authentication = await anAuthenticatedPerson();
});
beforeEach(() => {
  time = 1_700_000_000_000;
  allowed = ['EE'];
  starts = 0;
  prepared = [];
  brought = [];
  startResult = { kind: 'started', session: aSession() };
  pollResult = { kind: 'running' };
  attempts = attemptsInMemory();
  lines = [];
  measured = [];
  let ids = 0;
  let values = 0;
  const log = createLogger({ level: 'debug', destination: { write: (line) => lines.push(line) } });
  limited = undefined;
  limitedStart = undefined;
  storeAnswers = () => true;
  storeInstead = undefined;
  audit = createTestAudit(log);
  const stored = attempts;
  login = createLogin({
    attempts: {
      ...attempts,
      async replace(previous, next, pushEnd) {
        const change = () => stored.replace(previous, next, pushEnd);
        const replaced = await (storeInstead ? storeInstead(change, next) : change());
        if (!storeAnswers(next)) throw new Error(LOST);
        return replaced;
      },
    },
    authenticator,
    limits: {
      ...unlimited,
      admitAttempt: () => Promise.resolve(limited),
      admitStart: () => Promise.resolve(limitedStart),
    },
    log,
    audit,
    metrics: { loginBegun: (one) => measured.push(one), loginEnded: (one) => measured.push(one) },
    now: () => time,
    newId: () => `attempt-${++ids}`,
    randomBytes: (size) => new Uint8Array(size).fill(++values),
    callbackUrl: CALLBACK_URL,
    isCountryAllowed: (country) => allowed.includes(country),
    isOutage: (error) => error === AWAY || isLost(error),
  });
});

function request(
  changes: { identifier?: string; codeFirst?: boolean; backchannel?: boolean } = {},
): LoginRequest {
  return {
    flow: 'notification',
    interactionUid: 'uid',
    clientId: 'client',
    address: '192.0.2.1',
    identifier: IDENTIFIER,
    displayText: 'Log in to Sample app',
    knownBrowser: true,
    codeFirst: false,
    ...changes,
  };
}

function linkRequest(identifier?: string): DeviceLinkLoginRequest {
  return {
    flow: 'qr',
    interactionUid: 'uid',
    clientId: 'client',
    address: '192.0.2.1',
    displayText: 'Log in to Sample app',
    ...(identifier === undefined ? {} : { identifier }),
  };
}

async function waiting(): Promise<Attempt> {
  return login.advance(await login.begin(request()), 1000);
}

describe('a login', () => {
  for (const [flow, asked] of [
    ['a notification', request()],
    ['a device link', linkRequest()],
  ] as const) {
    it(`demands the requested certificate level: ${flow}`, async () => {
      await login.begin({ ...asked, certificateLevel: 'QUALIFIED' });
      assert.equal(prepared.at(-1)?.certificateLevel, 'QUALIFIED');
    });
  }

  it('is completed once, from the first request to the result', async () => {
    const begun = await login.begin(request());
    assert.equal(begun.state, 'pending');
    const sent = await login.advance(begun, 1000);
    assert.ok(sent.state === 'waiting');
    assert.equal(sent.answerBy, time + ANSWER_MS);
    assert.equal((await login.advance(sent, 1000)).state, 'waiting');
    pollResult = { kind: 'authenticated', authentication };
    const done = await login.advance(sent, 1000);
    assert.ok(done.state === 'authenticated');
    assert.equal(done.result.person.semanticsIdentifier, IDENTIFIER);
    const finished = await login.finish(done);
    assert.equal(finished?.state, 'finished');
    assert.deepEqual(await login.current('uid'), finished);
  });

  for (const [name, end, event] of [
    ['cancelled', () => waiting().then((sent) => login.cancel(sent)), 'login_cancelled'],
    [
      'finished',
      async () => {
        pollResult = { kind: 'authenticated', authentication };
        return login.finish(await login.advance(await waiting(), 1000));
      },
      'login_finished',
    ],
  ] as const) {
    it(`that is ${name} is in the audit, once, also if the answer of the store is lost`, async () => {
      storeAnswers = ({ state }) => state !== name;
      await assert.rejects(end(), isLost);
      storeAnswers = () => true;
      while (!audit.events.some((each) => each.event === event)) await setImmediate();
      assert.equal(audit.events.filter((each) => each.event === event).length, 1);
      assert.equal((await login.current('uid'))?.state, name);
    });
  }

  it('is completed by exactly one of several concurrent callers', async () => {
    pollResult = { kind: 'authenticated', authentication };
    const done = await login.advance(await waiting(), 1000);
    const won = await Promise.all(Array.from({ length: 50 }, () => login.finish(done)));
    assert.equal(won.filter(Boolean).length, 1);
  });

  /** The first change is not answered, and done just before the second. */
  function doneLate(): NonNullable<typeof storeInstead> {
    let late: (() => Promise<boolean>) | undefined;
    return async (change) => {
      if (!late) {
        late = change;
        throw AWAY;
      }
      await late();
      return change();
    };
  }

  it('is begun although the store does late what it has not answered', async () => {
    const begun = await login.begin(request());
    storeInstead = doneLate();
    assert.equal((await login.advance(begun, 1000)).state, 'waiting');
    assert.equal(starts, 1);
  });

  describe('that has failed keeps its reason although the store does not confirm it', () => {
    const ends = {
      'Smart-ID starts no session': async () => {
        startResult = { kind: 'failed', failure: { code: 'account_not_found', detail: 'HTTP 404' } };
        return [await login.begin(request()), 'account_not_found'];
      },
      'the limits admit no session': async () => {
        limitedStart = { by: 'person', retryAt: time + 60_000 };
        return [await login.begin(request()), 'too_many_logins_of_person'];
      },
      'the person refuses': async () => {
        const sent = await waiting();
        pollResult = { kind: 'failed', failure: { code: 'user_refused', detail: 'USER_REFUSED' } };
        return [sent, 'user_refused'];
      },
    } satisfies Record<string, () => Promise<[Attempt, string]>>;
    for (const [why, end] of Object.entries(ends)) {
      for (const isDone of [true, false]) {
        it(`${why}, and the store has ${isDone ? 'done' : 'not done'} it`, async () => {
          const [before, code] = await end();
          let failures = 0;
          storeInstead = async (change, next) => {
            if (next.state !== 'failed' || (failures += 1) > 1) return change();
            if (isDone) await change();
            throw AWAY;
          };
          await login.advance(before, 1000);
          const failed = await login.current('uid');
          assert.equal(failed?.state === 'failed' && failed.failure.code, code);
          const told = audit.events.filter(({ event }) => ['login_failed', 'login_limited'].includes(event));
          assert.equal(told.length, 1);
        });
      }
    }
  });

  describe('whose answer its caller completes at once', () => {
    const answered = async () => {
      const sent = await waiting();
      pollResult = { kind: 'authenticated', authentication };
      const done = await login.advanceToCompletion(sent, 1000);
      assert.ok(done.state === 'authenticated');
      assert.equal((await login.current('uid'))?.state, 'waiting', 'the answer is not stored');
      return done;
    };
    const ends = () =>
      audit.events
        .map(({ event }) => event)
        .filter((event) => event === 'login_authenticated' || event === 'login_finished');

    it('is stored as finished, without the answer, and audited as authenticated and finished', async () => {
      assert.equal(await login.complete(await answered(), []), true);
      const stored = await login.current('uid');
      assert.ok(stored?.state === 'finished');
      assert.equal(stored.result, undefined);
      assert.equal(stored.identifier, IDENTIFIER);
      assert.deepEqual(ends(), ['login_authenticated', 'login_finished']);
    });

    it('is completed by one of several concurrent polls', async () => {
      const first = await answered();
      const second = await login.advanceToCompletion((await login.current('uid')) ?? first, 1000);
      assert.ok(second.state === 'authenticated');
      const won = await Promise.all([login.complete(first, []), login.complete(second, [])]);
      assert.deepEqual(won.toSorted(), [false, true]);
      assert.deepEqual(ends(), ['login_authenticated', 'login_finished']);
    });

    it('is completed although another poll has stored the same answer meanwhile', async () => {
      const sent = await waiting();
      pollResult = { kind: 'authenticated', authentication };
      const done = await login.advanceToCompletion(sent, 1000);
      assert.ok(done.state === 'authenticated');
      assert.equal((await login.advance(sent, 1000)).state, 'authenticated');
      assert.equal((await login.current('uid'))?.state, 'authenticated');
      assert.equal(await login.complete(done, []), true);
      assert.equal((await login.current('uid'))?.state, 'finished');
      assert.deepEqual(ends(), ['login_authenticated', 'login_finished']);
    });

    it('is not completed once it is cancelled', async () => {
      const done = await answered();
      const current = await login.current('uid');
      assert.ok(current);
      await login.cancel(current);
      assert.equal(await login.complete(done, []), false);
      assert.equal((await login.keep(done)).state, 'authenticated', 'it is not held any more');
      assert.equal((await login.current('uid'))?.state, 'cancelled');
    });

    it('is completed, and audited once, although the answer of the store is lost', async () => {
      const done = await answered();
      let answers = 0;
      storeAnswers = () => (answers += 1) > 1;
      assert.equal(await login.complete(done, []), true);
      await setImmediate();
      assert.deepEqual(ends(), ['login_authenticated', 'login_finished']);
      assert.equal(answers, 2);
    });

    it('is completed although the store does late what it has not answered', async () => {
      const done = await answered();
      storeInstead = doneLate();
      assert.equal(await login.complete(done, []), true);
      await setImmediate();
      assert.equal((await login.current('uid'))?.state, 'finished');
    });

    it('is not lost where the store refuses its completion', async () => {
      const done = await answered();
      const REFUSED = new Error('deadlock detected');
      storeInstead = () => Promise.reject(REFUSED);
      await assert.rejects(login.complete(done, []), REFUSED);
      await assert.rejects(login.keep(done), REFUSED);
      storeInstead = undefined;
      assert.equal((await login.keep(done)).state, 'authenticated');
      assert.equal((await login.current('uid'))?.state, 'authenticated');
    });

    it('is stored where its caller cannot complete it', async () => {
      const done = await answered();
      assert.equal((await login.keep(done)).state, 'authenticated');
      assert.equal((await login.current('uid'))?.state, 'authenticated');
      assert.deepEqual(ends(), ['login_authenticated']);
      assert.equal(await login.complete(done, []), true);
      assert.deepEqual(ends(), ['login_authenticated', 'login_finished']);
    });
  });

  it('sends one push for concurrent requests', async () => {
    const begun = await login.begin(request());
    await Promise.all(Array.from({ length: 50 }, () => login.advance(begun, 1000)));
    assert.equal(starts, 1);
  });

  it('is begun once by a double submit', async () => {
    const [first, second] = await Promise.all([login.begin(request()), login.begin(request())]);
    assert.equal(first.id, second.id);
    assert.equal(attempts.all.length, 1);
  });

  it('is that of the first request for a second one at the same time that is limited', async (test) => {
    const first = await login.begin(request());
    limited = { by: 'address', retryAt: time + 60_000 };
    // The first attempt is stored after the second request has looked for one.
    test.mock.method(attempts, 'latest', () => Promise.resolve(undefined), { times: 1 });
    assert.deepEqual(await login.begin(request()), first);
    assert.equal((await login.current('uid'))?.state, 'pending');
  });

  describe('that a limit delays', () => {
    const OTHER = { identifier: 'PNOEE-50001029996' };
    const delays = (ms: number) => (limited = { by: 'address', retryAt: time + ms });

    it('is the refusal of the first request for each that repeats it, until its time', async () => {
      delays(60_000);
      const refused = await login.begin(request());
      assert.equal(refused.state === 'failed' && refused.failure.retryAt, time + 60_000);
      time += 59_999;
      assert.equal((await login.begin(request())).id, refused.id);
      assert.equal(attempts.all.length, 1);
      assert.equal(audit.events.filter(({ event }) => event === 'login_limited').length, 1);
      time += 1;
      delays(60_000);
      assert.notEqual((await login.begin(request())).id, refused.id);
    });

    it('is the same refusal for another person, with an event of the audit and no further attempt', async () => {
      delays(60_000);
      const refused = await login.begin(request());
      assert.equal((await login.begin(request(OTHER))).id, refused.id);
      assert.equal(attempts.all.length, 1);
      assert.deepEqual(
        audit.events.flatMap((event) => (event.event === 'login_limited' ? [event.person] : [])),
        [IDENTIFIER, OTHER.identifier],
      );
    });

    it('is the live one for a request that repeats it, and one that is refused for another person', async () => {
      const first = await waiting();
      delays(60_000);
      assert.equal((await login.begin(request())).id, first.id);
      assert.equal((await login.begin(request(OTHER))).state, 'failed');
    });

    it('is a refusal of its own after a failure that was no limit', async () => {
      startResult = { kind: 'failed', failure: { code: 'account_not_found', detail: 'HTTP 404' } };
      const failed = await login.advance(await login.begin(request()), 1000);
      delays(60_000);
      const refused = await login.begin(request());
      assert.notEqual(refused.id, failed.id);
      assert.equal(refused.state === 'failed' && refused.failure.retryAt, time + 60_000);
    });
  });

  it('cancels the earlier attempt when the person corrects the code', async () => {
    const first = await waiting();
    const second = await login.begin(request({ identifier: 'PNOEE-50001029996' }));
    assert.notEqual(second.id, first.id);
    assert.equal(attempts.all.find(({ id }) => id === first.id)?.state, 'cancelled');
  });

  it('shows the code before the push if the browser runs on the device that receives it', async () => {
    const begun = await login.begin(request({ codeFirst: true }));
    assert.equal((await login.advance(begun, 1000)).state, 'pending');
    assert.equal(starts, 0);
    time += CODE_FIRST_MS;
    assert.equal((await login.advance(begun, 1000)).state, 'waiting');
    assert.equal(starts, 1);
  });

  it('fails with Smart-ID’s answer to the start', async () => {
    startResult = { kind: 'failed', failure: { code: 'account_not_found', detail: 'HTTP 404' } };
    const failed = await login.advance(await login.begin(request()), 1000);
    assert.equal(failed.state === 'failed' && failed.failure.code, 'account_not_found');
  });

  it('fails with the end result', async () => {
    const sent = await waiting();
    pollResult = { kind: 'failed', failure: { code: 'user_refused', detail: 'USER_REFUSED' } };
    const failed = await login.advance(sent, 1000);
    assert.equal(failed.state === 'failed' && failed.failure.code, 'user_refused');
    pollResult = { kind: 'authenticated', authentication };
    assert.equal((await login.advance(failed, 1000)).state, 'failed');
    assert.equal(await login.finish(failed), undefined);
  });

  it('refuses a person of a country that is not allowed, and stores nothing about the person', async () => {
    allowed = ['LV', 'LT'];
    pollResult = { kind: 'authenticated', authentication };
    const failed = await login.advance(await waiting(), 1000);
    assert.equal(failed.state === 'failed' && failed.failure.code, 'country_not_allowed');
    assert.equal(failed.state === 'failed' && failed.failure.detail, 'EE');
    assert.equal(await login.finish(failed), undefined);
  });

  it('can be tried again after a failure', async () => {
    startResult = { kind: 'failed', failure: { code: 'account_not_found', detail: 'HTTP 404' } };
    const failed = await login.advance(await login.begin(request()), 1000);
    const again = await login.begin(request());
    assert.notEqual(again.id, failed.id);
    assert.equal(again.state, 'pending');
  });

  it('continues while Smart-ID cannot be reached, until it times out', async () => {
    const sent = await waiting();
    pollResult = { kind: 'unreachable', detail: 'ECONNREFUSED' };
    assert.equal((await login.advance(sent, 1000)).state, 'waiting');
    time += ANSWER_MS + GRACE_MS + 1;
    const failed = await login.advance(sent, 1000);
    assert.equal(failed.state === 'failed' && failed.failure.code, 'service_failed');
  });

  it('times out without an end result', async () => {
    const sent = await waiting();
    time += ANSWER_MS + GRACE_MS;
    assert.equal((await login.advance(sent, 1000)).state, 'waiting');
    time += 1;
    const failed = await login.advance(sent, 1000);
    assert.equal(failed.state === 'failed' && failed.failure.code, 'timeout');
  });

  it('fails when the instance that started it died', async () => {
    const begun = await login.begin(request());
    let release: (result: StartResult) => void = () => undefined;
    const dying = createLogin({
      attempts,
      authenticator: { ...authenticator, start: () => new Promise((resolve) => (release = resolve)) },
      limits: unlimited,
      log: createLogger({ level: 'silent' }),
      metrics: { loginBegun: () => undefined, loginEnded: () => undefined },
      audit: createTestAudit(),
      now: () => time,
      newId: () => 'x',
      randomBytes: (size) => new Uint8Array(size),
      callbackUrl: CALLBACK_URL,
      isCountryAllowed: () => true,
    });
    const hanging = dying.advance(begun, 1000);
    const starting = await login.current('uid');
    assert.ok(starting?.state === 'starting');
    assert.equal((await login.advance(starting, 1000)).state, 'starting');
    time += START_MS + 1;
    assert.equal((await login.advance(starting, 1000)).state, 'failed');
    release({ kind: 'started', session: aSession() });
    assert.equal((await hanging).state, 'failed', 'a late start does not bring it back');
  });

  it('ends when it is cancelled, and ignores later answers of Smart-ID', async () => {
    const sent = await waiting();
    assert.equal((await login.cancel(sent)).state, 'cancelled');
    pollResult = { kind: 'authenticated', authentication };
    assert.equal((await login.advance(sent, 1000)).state, 'cancelled');
  });

  it('drops the challenge, the session and the code when they are no longer needed', async () => {
    pollResult = { kind: 'authenticated', authentication };
    const done = await login.advance(await waiting(), 1000);
    assert.doesNotMatch(JSON.stringify(done), /rpChallenge|sessionId|verificationCode/);
    const finished = await login.finish(done);
    assert.ok(finished);
    await login.dropResult(finished);
    assert.doesNotMatch(JSON.stringify(attempts.all), /person|givenName|documentNumber/);
  });

  it('keeps the result after it is finished, until the interaction has it', async () => {
    pollResult = { kind: 'authenticated', authentication };
    const done = await login.advance(await waiting(), 1000);
    assert.ok(done.state === 'authenticated');
    time += 5_000;
    const finished = await login.finish(done);
    assert.ok(finished);
    assert.deepEqual(await login.current('uid'), finished);
    assert.deepEqual([finished.result, finished.finishedAt], [done.result, time]);
    await login.dropResult(finished);
    await login.dropResult(finished);
    const { result: _, ...rest } = finished;
    assert.deepEqual(await login.current('uid'), rest);
  });

  it('logs that its result is kept where the store is away, and fails by any other error', async (test) => {
    pollResult = { kind: 'authenticated', authentication };
    const finished = await login.finish(await login.advance(await waiting(), 1000));
    assert.ok(finished);
    let failure = AWAY;
    const { mock } = test.mock.method(attempts, 'replace', () => Promise.reject(failure));
    await login.dropResult(finished);
    assert.equal(lines.filter((line) => line.includes('result_not_dropped')).length, 1);
    failure = new Error('a fault');
    await assert.rejects(login.dropResult(finished), failure);
    mock.restore();
    assert.deepEqual(await login.current('uid'), finished);
  });

  it('is measured once at its beginning and once at its end, with flow, outcome and duration', async () => {
    const begun = { client: 'client', flow: 'notification' };
    pollResult = { kind: 'authenticated', authentication };
    const done = await login.advance(await waiting(), 1000);
    assert.deepEqual(measured, [begun]);
    time += 12_000;
    await Promise.all([login.finish(done), login.finish(done)]);
    assert.deepEqual(measured, [begun, { ...begun, outcome: 'finished', seconds: 12 }]);

    measured.length = 0;
    startResult = { kind: 'failed', failure: { code: 'account_not_found', detail: 'HTTP 404' } };
    await waiting();
    await login.cancel(await login.begin(request()));
    assert.deepEqual(
      measured.map((one) => ('outcome' in one ? one.outcome : 'begun')),
      ['begun', 'account_not_found', 'begun', 'cancelled'],
    );
  });

  it('is logged with a pseudonym', async () => {
    pollResult = { kind: 'authenticated', authentication };
    await login.finish(await login.advance(await waiting(), 1000));
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    assert.deepEqual(events, ['login_begun', 'login_waiting', 'login_authenticated', 'login_finished']);
    assert.doesNotMatch(lines.join(''), new RegExp(IDENTIFIER.slice(6)));
    assert.match(lines.join(''), /"person":"pseudonym"/);
  });

  it('has the browser in the audit, and nothing of it in what is stored afterwards', async () => {
    const sent = await login.advance(await login.begin({ ...request(), browser: 'Firefox, Windows' }), 1000);
    const [begun] = audit.events;
    assert.equal(begun?.event === 'login_begun' && begun.browser, 'Firefox, Windows');
    assert.equal('browser' in sent, false);
  });

  it('of a client without a browser is marked in each of its events', async () => {
    pollResult = { kind: 'authenticated', authentication };
    const sent = await login.advance(await login.begin(request({ backchannel: true })), 1000);
    await login.finish(await login.advance(sent, 1000));
    const channels = lines.map((line) => (JSON.parse(line) as { channel?: string }).channel);
    assert.deepEqual(channels, Array(4).fill('backchannel'));
    assert.equal((await login.current('uid'))?.backchannel, true);
  });
});

describe('a login by device link', () => {
  /** A waiting attempt with a device link, and the value of its callback URL. */
  async function linked(identifier?: string): Promise<{ waiting: Attempt; value: string }> {
    startResult = { kind: 'started', session: aDeviceLinkSession() };
    const begun = await login.begin(linkRequest(identifier));
    const asked = prepared.at(-1);
    assert.ok(asked?.flow === 'qr');
    const value = new URL(asked.callbackUrl).searchParams.get('value');
    assert.ok(value);
    return { waiting: await login.advance(begun, 1000), value };
  }

  it('shares its session between the QR code and the link to the app', async () => {
    startResult = { kind: 'started', session: aDeviceLinkSession() };
    const byQr = await login.begin(linkRequest());
    const byLink = await login.begin({ ...linkRequest(), flow: 'web2app' });
    assert.equal(byLink.id, byQr.id);
    assert.equal((await login.current(byQr.interactionUid))?.state, 'pending');
  });

  it('has an unpredictable callback for each attempt, and stores its hash', async () => {
    const { waiting, value } = await linked();
    assert.match(value, /^[\w-]{43}$/);
    assert.ok(waiting.state === 'waiting');
    assert.equal(waiting.callbackHash, createHash('sha256').update(value).digest('base64url'));
    assert.equal(waiting.identifier, undefined);
    await login.cancel(waiting);
    assert.notEqual((await linked()).value, value);
  });

  it('is completed by a scanned code without a callback', async () => {
    const { waiting } = await linked();
    pollResult = { kind: 'authenticated', authentication };
    const done = await login.advance(waiting, 1000);
    assert.equal(done.state, 'authenticated');
    assert.equal(done.identifier, IDENTIFIER);
    assert.deepEqual(brought, [undefined]);
  });

  it('waits for the callback, and is completed with its parameters', async () => {
    const { waiting, value } = await linked();
    pollResult = { kind: 'callback_required' };
    assert.equal((await login.advance(waiting, 1000)).state, 'waiting');
    const returned = await login.receiveCallback({ value, isBoundToBrowser, ...BROUGHT });
    assert.ok(returned?.state === 'callback_received');
    pollResult = { kind: 'authenticated', authentication };
    assert.equal((await login.advance(returned, 1000)).state, 'authenticated');
    assert.deepEqual(brought, [undefined, BROUGHT]);
  });

  it('times out without a callback', async () => {
    const { waiting } = await linked();
    pollResult = { kind: 'callback_required' };
    time += ANSWER_MS + GRACE_MS + 1;
    const failed = await login.advance(waiting, 1000);
    assert.equal(failed.state === 'failed' && failed.failure.code, 'timeout');
  });

  it('uses a callback once, of many concurrent ones', async () => {
    const { value } = await linked();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => login.receiveCallback({ value, isBoundToBrowser, ...BROUGHT })),
    );
    assert.ok(answers.some((attempt) => attempt?.state === 'callback_received'));
    const lost = await login.receiveCallback({ value, isBoundToBrowser, ...BROUGHT });
    assert.equal(lost, undefined);
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    assert.equal(events.filter((event) => event === 'login_callback_received').length, 1);
  });

  it('fails if another browser opens the callback, so that the waiting browser is not logged in', async () => {
    const { waiting, value } = await linked();
    const failed = await login.receiveCallback({
      value,
      isBoundToBrowser: (uid) => uid === 'other',
      ...BROUGHT,
    });
    assert.ok(failed?.state === 'failed');
    assert.deepEqual(failed.failure, {
      code: 'callback_refused',
      detail: 'callback_in_another_browser',
    });
    pollResult = { kind: 'authenticated', authentication };
    assert.equal((await login.advance(waiting, 1000)).state, 'failed');
    assert.equal(await login.receiveCallback({ value, isBoundToBrowser, ...BROUGHT }), undefined);
  });

  for (const [where, bound, state] of [
    ['the browser of the login', true, 'callback_received'],
    ['another browser', false, 'failed'],
  ] as const) {
    it(`accepts a callback in ${where} whose use the store did and did not confirm`, async () => {
      const { value } = await linked();
      let answers = 0;
      storeAnswers = () => (answers += 1) > 1;
      const returned = await login.receiveCallback({ value, isBoundToBrowser: () => bound, ...BROUGHT });
      assert.equal(returned?.state, state);
    });
  }

  it('accepts no unknown callback, and none of an attempt that has ended', async () => {
    const { waiting, value } = await linked();
    assert.equal(await login.receiveCallback({ value: 'x', isBoundToBrowser, ...BROUGHT }), undefined);
    assert.match(lines.at(-1) ?? '', /"event":"callback_refused","code":"callback_spent"/);
    await login.cancel(waiting);
    assert.equal(await login.receiveCallback({ value, isBoundToBrowser, ...BROUGHT }), undefined);
    assert.equal((await login.current('uid'))?.state, 'cancelled');
  });

  it('replaces a push, and is replaced by one', async () => {
    const push = await waiting();
    const { waiting: link } = await linked(IDENTIFIER);
    assert.equal(attempts.all.find(({ id }) => id === push.id)?.state, 'cancelled');
    assert.equal((await login.begin(linkRequest(IDENTIFIER))).id, link.id);
    await login.begin(request());
    assert.equal(attempts.all.find(({ id }) => id === link.id)?.state, 'cancelled');
  });

  it('has its secrets neither in the log nor in states that do not need them', async () => {
    const { value } = await linked();
    const session = aDeviceLinkSession();
    const returned = await login.receiveCallback({ value, isBoundToBrowser, ...BROUGHT });
    assert.ok(returned);
    pollResult = { kind: 'authenticated', authentication };
    await login.finish(await login.advance(returned, 1000));
    const { sessionSecret } = session.deviceLink ?? {};
    assert.ok(sessionSecret);
    for (const secret of [value, sessionSecret, session.sessionId, ...Object.values(BROUGHT)]) {
      assert.ok(!lines.join('').includes(secret));
    }
    assert.doesNotMatch(JSON.stringify(attempts.all), /sessionSecret|callback|rpChallenge/);
  });
});
