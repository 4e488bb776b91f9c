/** Logins under limits that are kept in a real database, with a fake eID. */
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, beforeEach } from 'node:test';
import { createLogger } from '../../src/log/logger.ts';
import type { Attempt } from '../../src/login/attempt.ts';
import type { AttemptStore } from '../../src/login/attempt-store.ts';
import type {
  AuthenticatedPerson,
  Authenticator,
  PollResult,
  StartResult,
} from '../../src/login/authenticator.ts';
import type { FailureCode } from '../../src/login/failure.ts';
import type { LimitRules } from '../../src/login/limits/limit-rules.ts';
import { createStartLimits } from '../../src/login/limits/start-limits.ts';
import { createLogin, type Login } from '../../src/login/login.ts';
import type {
  DeviceLinkLoginRequest,
  LoginRequest,
  NotificationLoginRequest,
} from '../../src/login/login-request.ts';
import { isOutage } from '../../src/store/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { anyNumber } from './unlimited.ts';
import {
  aDeviceLinkSession,
  aPreparedDeviceLink,
  aPreparedSession,
  aSession,
  anAuthenticatedPerson,
} from './answers/authentications.ts';
import { openTestStore } from './database.ts';
import { createTestAudit } from './outputs/audit.ts';

export const RULES: LimitRules = {
  address: { count: 100, perMs: 600_000 },
  client: { count: 100, perMs: 600_000 },
  person: { count: 10, perMs: 3_600_000 },
  pushWaits: [0, 30_000, 120_000],
};
/** For tests of one limit. */
export const NO_LIMITS = { address: undefined, client: undefined, person: undefined, pushWaits: undefined };

/** What happens beside the login. Tests change it. */
export const given: {
  time: number;
  startResult: StartResult;
  pollResult: PollResult;
  /** Who logs in. */
  person: string;
} = {
  time: 1_700_000_000_000,
  startResult: { kind: 'started', session: aSession() },
  pollResult: { kind: 'running' },
  person: '',
};

export let authentication: AuthenticatedPerson;
export let store: Store;
export let login: Login;
/** The lines of the log. */
export let lines: string[];
/** How many sessions were started. */
export let starts: number;
/** How often Smart-ID was asked about a session. */
export let polls: number;

const authenticator: Pick<Authenticator, 'prepare' | 'start' | 'poll'> = {
  prepare(asked) {
    const { session, ...rest } = asked.flow === 'notification' ? aPreparedSession() : aPreparedDeviceLink();
    return { session, expectedIdentifier: asked.identifier, ...rest };
  },
  start: async () => {
    starts += 1;
    return given.startResult;
  },
  poll: async () => {
    polls += 1;
    return given.pollResult;
  },
};

/** Registers the hooks of a test file. Before each test the limits are RULES, and the person has not started yet. */
export function prepareLimitedLogin(): void {
  before(async () => {
    authentication = await anAuthenticatedPerson();
    store = await openTestStore({ now: () => given.time });
  });
  after(() => store.close());
  beforeEach(() => {
    starts = 0;
    polls = 0;
    lines = [];
    given.startResult = { kind: 'started', session: aSession() };
    given.pollResult = { kind: 'running' };
    given.person = `PNOEE-${randomUUID()}`;
    limitBy(RULES);
  });
}

/**
 * From now on the login is under these limits.
 *
 * @param attempts methods that differ from those of the store
 */
export function limitBy(rules: LimitRules, attempts: Partial<AttemptStore> = {}, places = anyNumber): void {
  const log = createLogger({ level: 'debug', destination: { write: (line) => lines.push(line) } });
  login = createLogin({
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
    now: () => given.time,
    newId: randomUUID,
    randomBytes,
    callbackUrl: 'https://login.example.ee/callback/smart-id',
    isCountryAllowed: () => true,
    isOutage,
  });
}

export function request(
  change: Partial<
    Pick<
      NotificationLoginRequest,
      'interactionUid' | 'clientId' | 'address' | 'knownBrowser' | 'hasOwnAllowance' | 'backchannel'
    >
  > = {},
): LoginRequest {
  return {
    flow: 'notification',
    interactionUid: randomUUID(),
    clientId: 'client',
    address: '192.0.2.1',
    identifier: given.person,
    displayText: 'Log in to Sample app',
    knownBrowser: true,
    codeFirst: false,
    ...change,
  };
}

/** Starts a login of the person, by default from another browser. */
export async function push(change?: Parameters<typeof request>[0]): Promise<Attempt> {
  return login.advance(await login.begin(request(change)), 1_000);
}

export async function linkFor(identifier: string | undefined, address = '192.0.2.1'): Promise<Attempt> {
  given.startResult = { kind: 'started', session: aDeviceLinkSession() };
  return login.advance(await login.begin(linkRequest({ address, identifier })), 1_000);
}

export function linkRequest(
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
export async function ends(attempt: Attempt, result: PollResult): Promise<Attempt> {
  given.pollResult = result;
  const ended = await login.advance(attempt, 1_000);
  given.pollResult = { kind: 'running' };
  return ended;
}

export function failed(code: FailureCode): PollResult {
  return { kind: 'failed', failure: { code, detail: '' } };
}

/** The seconds to wait and the reason; 0 if the push was sent. */
export function waitOf(attempt: Attempt): readonly [FailureCode | undefined, number] {
  if (attempt.state !== 'failed') return [undefined, 0];
  const { code, retryAt = Number.NaN } = attempt.failure;
  return [code, (retryAt - given.time) / 1_000];
}
