/**
 * The login with an eID and a store that do what a test says. `prepareLogin` registers the hooks of a test file; what is
 * exported is created again before each test.
 */
import { before, beforeEach } from 'node:test';
import { createLogger, type Logger } from '../../src/log/logger.ts';
import type { Attempt } from '../../src/login/attempt.ts';
import type {
  AuthenticatedPerson,
  AuthenticationRequest,
  Authenticator,
  CallbackParameters,
  PollResult,
  StartResult,
} from '../../src/login/authenticator.ts';
import type { Limited } from '../../src/login/limits/limit-store.ts';
import {
  createLogin,
  type DeviceLinkLoginRequest,
  type Login,
  type LoginRequest,
} from '../../src/login/login.ts';
import type { EndedLogin, LoginLabels } from '../../src/metrics/metrics.ts';
import {
  aPreparedDeviceLink,
  aPreparedSession,
  aSession,
  anAuthenticatedPerson,
} from './answers/authentications.ts';
import { attemptsInMemory } from './attempts-in-memory.ts';
import { createTestAudit } from './outputs/audit.ts';
import { anyNumber, unlimited } from './unlimited.ts';

export const IDENTIFIER = 'PNOEE-40504040001';
export const AWAY = new Error('the store is away');
export const CALLBACK_URL = 'https://login.example.ee/callback/smart-id';
const LOST = 'the answer of the store is lost';
export const isLost = (error: unknown) => error instanceof Error && error.message === LOST;

/** What happens beside the login. Tests change it. */
export interface Given {
  time: number;
  /** Countries whose people may log in. */
  allowed: readonly string[];
  startResult: StartResult;
  pollResult: PollResult;
  /** Why an attempt has to wait; undefined: it has not. */
  limited: Limited | undefined;
  /** The same for the start of its session. */
  limitedStart: Limited | undefined;
  /** Whether the store's answer to a change into this attempt arrives. */
  storeAnswers: (next: Attempt) => boolean;
  /** What the store does in place of a change. */
  storeInstead: ((change: () => Promise<boolean>, next: Attempt) => Promise<boolean>) | undefined;
}

export let given: Given;
export let login: Login;
export let authentication: AuthenticatedPerson;
export let attempts: ReturnType<typeof attemptsInMemory>;
export let audit: ReturnType<typeof createTestAudit>;
/** The lines of the log. */
export let lines: string[];
export let measured: (LoginLabels | EndedLogin)[];
/** How many sessions were started. */
export let starts: number;
/** The requests for which a session was prepared. */
export let prepared: AuthenticationRequest[];
/** The parameters of the callback, for each poll. */
export let brought: (CallbackParameters | undefined)[];

export const authenticator: Authenticator = {
  flows: ['qr', 'web2app', 'notification'],
  prepare(asked) {
    prepared.push(asked);
    const { session, ...rest } = asked.flow === 'notification' ? aPreparedSession() : aPreparedDeviceLink();
    return { session, expectedIdentifier: asked.identifier, ...rest };
  },
  start: async () => {
    starts += 1;
    return given.startResult;
  },
  async poll(_session, _waitMs, _signal, returned) {
    brought.push(returned);
    return given.pollResult;
  },
  qrLink: () => 'https://smart-id.com/device-link?deviceLinkType=QR',
  appLink: () => 'https://smart-id.com/device-link?deviceLinkType=Web2App',
  linksCreatedAt: () => given.time,
};

/** Registers the hooks of a test file. */
export function prepareLogin(): void {
  before(async () => {
    authentication = await anAuthenticatedPerson();
  });
  beforeEach(() => {
    given = {
      time: 1_700_000_000_000,
      allowed: ['EE'],
      startResult: { kind: 'started', session: aSession() },
      pollResult: { kind: 'running' },
      limited: undefined,
      limitedStart: undefined,
      storeAnswers: () => true,
      storeInstead: undefined,
    };
    starts = 0;
    prepared = [];
    brought = [];
    lines = [];
    measured = [];
    const log = createLogger({ level: 'debug', destination: { write: (line) => lines.push(line) } });
    audit = createTestAudit(log);
    attempts = attemptsInMemory();
    login = createTestLogin(log);
  });
}

function createTestLogin(log: Logger): Login {
  let ids = 0;
  let values = 0;
  const stored = attempts;
  return createLogin({
    attempts: {
      ...attempts,
      // Tests mock it.
      latest: (interactionUid) => stored.latest(interactionUid),
      async replace(previous, next, pushEnd) {
        const change = () => stored.replace(previous, next, pushEnd);
        const replaced = await (given.storeInstead ? given.storeInstead(change, next) : change());
        if (!given.storeAnswers(next)) throw new Error(LOST);
        return replaced;
      },
    },
    authenticator,
    limits: {
      ...unlimited,
      admitAttempt: () => Promise.resolve(given.limited),
      admitStart: () => Promise.resolve(given.limitedStart),
    },
    places: anyNumber,
    log,
    audit,
    metrics: { loginBegun: (one) => measured.push(one), loginEnded: (one) => measured.push(one) },
    now: () => given.time,
    newId: () => `attempt-${++ids}`,
    randomBytes: (size) => new Uint8Array(size).fill(++values),
    callbackUrl: CALLBACK_URL,
    isCountryAllowed: (country) => given.allowed.includes(country),
    isOutage: (error) => error === AWAY || isLost(error),
  });
}

export function request(
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

export function linkRequest(identifier?: string): DeviceLinkLoginRequest {
  return {
    flow: 'qr',
    interactionUid: 'uid',
    clientId: 'client',
    address: '192.0.2.1',
    displayText: 'Log in to Sample app',
    ...(identifier === undefined ? {} : { identifier }),
  };
}

export async function waiting(): Promise<Attempt> {
  return login.advance(await login.begin(request()), 1000);
}

/** As a page does once the answer is stored. */
export async function complete(attempt: Attempt): Promise<boolean> {
  return attempt.state === 'authenticated' && login.complete(attempt, []);
}

/** The first change is not answered, and done just before the second. */
export function doneLate(): NonNullable<Given['storeInstead']> {
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
