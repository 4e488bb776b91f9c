/** A login in memory: `answer(…)` is the answer of the person's phone. */
import { createHash } from 'node:crypto';
import { type Attempt, dueIn, type WaitingAttempt } from '../../src/login/attempt.ts';
import type { FailureCode, InteractionType } from '../../src/login/failure.ts';
import type { CallbackRequest, Login, LoginRequest } from '../../src/login/login.ts';
import type { LoginResult } from '../../src/login/login-result.ts';
import { storeJoined } from './fake-stores.ts';

export const UID = 'V1StGXR8_Z5jdHi6B-myT';
export const CODE = '7180';
export const PERSONAL_CODE = '40504040001';
export const CALLBACK_VALUE = 'value-that-no-page-shows';

/** A fake long poll is this many times shorter than requested. */
const HASTE = 100;

const session: WaitingAttempt['session'] = {
  sessionId: 'session-that-no-browser-sees',
  schemeName: 'smart-id-demo',
  relyingPartyName: 'DEMO',
  rpChallenge: 'challenge-that-no-browser-sees',
  hashAlgorithm: 'SHA-512',
  certificateLevel: 'QUALIFIED',
  interactions: 'W10=',
  flows: ['notification'],
};

const linkSession = {
  ...session,
  flows: ['qr', 'web2app'],
  deviceLink: {
    sessionToken: 'token-of-the-links',
    sessionSecret: 'secret-that-no-browser-sees',
    deviceLinkBase: 'https://smart-id.example/',
    initialCallbackUrl: `https://login.example/callback/smart-id?value=${CALLBACK_VALUE}`,
    receivedAt: 0,
  },
};

export type LinkSession = typeof linkSession;

export const result: LoginResult = {
  person: {
    semanticsIdentifier: `PNOEE-${PERSONAL_CODE}`,
    identityType: 'PNO',
    identityCountry: 'EE',
    identityNumber: PERSONAL_CODE,
    givenName: 'OK',
    surname: 'TESTNUMBER',
  },
  certificateLevel: 'QUALIFIED',
  documentNumber: `PNOEE-${PERSONAL_CODE}-DEMO-Q`,
  flow: 'notification',
  authenticatedAt: 1_700_000_000,
};

/** Attempts in memory, with the transitions that the web app can cause. */
export function createFakeLogin(now: () => number) {
  const attempts = new Map<string, Attempt>();
  /** Every state of every attempt, in its order. */
  const states: Attempt[] = [];
  const watchers = new Set<() => void>();
  const begun: LoginRequest[] = [];
  const callbacks: Omit<CallbackRequest, 'isBoundToBrowser'>[] = [];
  const polls: number[] = [];
  let pushes = 0;

  const put = (attempt: Attempt): Attempt => {
    attempts.set(attempt.interactionUid, attempt);
    states.push(attempt);
    for (const wake of watchers) wake();
    return attempt;
  };
  const base = (uid = UID, identifier = `PNOEE-${PERSONAL_CODE}`) => ({
    flow: 'notification' as const,
    id: 'f0a3c1de-0000-4000-8000-000000000001',
    interactionUid: uid,
    clientId: 'sample-app',
    createdAt: now(),
    identifier,
  });
  const change = (waitMs: number, signal: AbortSignal | undefined) =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        watchers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, waitMs / HASTE);
      watchers.add(done);
      signal?.addEventListener('abort', done);
    });

  const login: Login = {
    async begin(request) {
      begun.push(request);
      const live = attempts.get(request.interactionUid);
      if (live && ['pending', 'starting', 'waiting', 'authenticated'].includes(live.state)) return live;
      if (request.flow !== 'notification') {
        return put({
          ...linkBase(request.interactionUid),
          state: 'pending',
          callbackHash,
          codeFirst: false,
          startAt: now(),
          prepared: { session: linkSession },
        });
      }
      const { codeFirst } = request;
      return put({
        ...base(request.interactionUid, request.identifier),
        state: 'pending',
        codeFirst,
        startAt: now() + (codeFirst ? 3_000 : 0),
        prepared: { session, verificationCode: CODE },
      });
    },
    async current(uid) {
      return attempts.get(uid);
    },
    async attemptsOf(uid) {
      return states.filter(({ interactionUid }) => interactionUid === uid);
    },
    async advance(attempt, waitMs, signal) {
      if (attempt.state === 'pending' && dueIn(attempt, now()) === 0) {
        pushes += 1;
        return put(
          attempt.flow !== 'notification'
            ? waitingForLink(attempt.interactionUid)
            : waiting(attempt.interactionUid),
        );
      }
      if (attempt.state === 'waiting' || attempt.state === 'callback_received') {
        polls.push(waitMs);
        await change(waitMs, signal);
      }
      return attempts.get(attempt.interactionUid) ?? attempt;
    },
    async receiveCallback({ isBoundToBrowser, ...request }) {
      callbacks.push(request);
      const attempt = [...attempts.values()].find(
        (each) => 'callbackHash' in each && each.callbackHash === hashOf(request.value),
      );
      if (!attempt) return undefined;
      const { state: _, ...kept } = linkBase(attempt.interactionUid);
      return isBoundToBrowser(attempt.interactionUid)
        ? put({
            ...kept,
            state: 'callback_received',
            session: linkSession,
            callback: request,
            answerBy: now() + 90_000,
          })
        : put({
            ...kept,
            state: 'failed',
            failure: { code: 'callback_refused', detail: 'detail for the log' },
          });
    },
    async cancel(attempt) {
      return put({ ...base(attempt.interactionUid), state: 'cancelled' });
    },
    async refuse(attempt, code) {
      const failure = { code, detail: 'detail for the log' } as const;
      return put({ ...base(attempt.interactionUid), state: 'failed', failure });
    },
    async advanceToCompletion(attempt, waitMs, signal) {
      return login.advance(attempt, waitMs, signal);
    },
    async keep(attempt) {
      return attempt;
    },
    async complete(attempt, completion) {
      if (attempts.get(attempt.interactionUid)?.state !== 'authenticated') return false;
      put({ ...base(attempt.interactionUid), state: 'finished', finishedAt: now() });
      for (const joined of completion) storeJoined(joined);
      return true;
    },
  };

  function linkBase(uid = UID) {
    const { identifier: _, ...anybody } = base(uid);
    return { ...anybody, flow: 'qr' as const, state: 'waiting' as const };
  }

  function waitingForLink(uid = UID): WaitingAttempt {
    return {
      ...linkBase(uid),
      callbackHash,
      session: { ...linkSession, deviceLink: { ...linkSession.deviceLink, receivedAt: now() } },
      answerBy: now() + 90_000,
    };
  }

  function waiting(uid = UID): WaitingAttempt {
    return { ...base(uid), state: 'waiting', session, verificationCode: CODE, answerBy: now() + 90_000 };
  }

  return {
    ...login,
    begun,
    callbacks,
    polls,
    pushes: () => pushes,
    watchers: () => watchers.size,
    put,
    wait: () => put(waiting()),
    waitForLink: () => put(waitingForLink()),
    sending: () =>
      put({
        ...base(),
        state: 'starting',
        startedAt: now(),
        codeFirst: false,
        prepared: { session, verificationCode: CODE },
      }),
    answer: (flow: LoginResult['flow'] = 'notification') =>
      put({ ...base(), state: 'authenticated', authenticatedAt: now(), result: { ...result, flow } }),
    finished: () => put({ ...base(), state: 'finished', finishedAt: now() }),
    fail: (code: FailureCode, screen?: InteractionType) =>
      put({ ...base(), state: 'failed', failure: { code, screen, detail: 'detail for the log' } }),
    limit: (code: FailureCode, seconds: number, uid = UID) =>
      put({
        ...base(uid),
        state: 'failed',
        failure: { code, detail: 'detail for the log', retryAt: now() + seconds * 1_000 },
      }),
    limitLink: (code: FailureCode, seconds: number) =>
      put({
        ...base(),
        flow: 'qr',
        state: 'failed',
        failure: { code, detail: 'detail for the log', retryAt: now() + seconds * 1_000 },
      }),
    state: () => attempts.get(UID)?.state,
  };
}

/** SHA-256 of a callback value, Base64url, by which an attempt is found. */
function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}

const callbackHash = hashOf(CALLBACK_VALUE);
