/** The limits hold at Smart-ID for every order in which browsers, tabs and instances send requests. */
import assert from 'node:assert/strict';
import type { Facts, Login, PhoneSession } from '../facts.ts';

interface Rate {
  readonly count: number;
  readonly perMs: number;
}

/** As `system.ts` configures them. */
const PERSON: Rate = { count: 6, perMs: 3_600_000 };
const ADDRESS: Rate = { count: 12, perMs: 600_000 };
const CLIENT: Rate = { count: 8, perMs: 600_000 };
const PUSH_WAITS = [0, 30_000, 120_000, 600_000, 3_600_000];
/** How long an unanswered request stays on a phone, in milliseconds. */
const SHOWN_MS = 90_000;

interface Started {
  readonly login: Login;
  readonly session: PhoneSession;
}

export function checkLimits({ logins, setBack }: Facts): void {
  const all = logins
    .flatMap((login) => login.sessions.map((session): Started => ({ login, session })))
    .toSorted((one, other) => one.session.createdAt - other.session.createdAt);
  const pushes = all.filter(({ session }) => session.kind === 'push');
  for (const { login, session } of pushes) {
    assert.ok(
      !session.asKnown || isOwnBrowser(logins, login, session),
      'a browser is known by a link, not by a push',
    );
  }
  if (setBack) return;
  for (const [browser, started] of Map.groupBy(all, ({ login }) => login.browser)) {
    assertWithin(started.map(({ session }) => session.begunAt).sort(), ADDRESS, `browser ${browser}`);
  }
  const ofStrangers = pushes.filter(({ session }) => !session.asKnown);
  for (const [client, started] of Map.groupBy(ofStrangers, ({ login }) => login.client.id)) {
    assertWithin(started.map(({ session }) => session.begunAt).sort(), CLIENT, `client ${client}`);
  }
  // From browsers that the person uses, each person has as many pushes again.
  for (const those of [ofStrangers, pushes.filter(({ session }) => session.asKnown)]) {
    for (const [person, started] of Map.groupBy(those, ({ session }) => personOf(session))) {
      if (person === undefined) continue;
      const sessions = started.map(({ session }) => session);
      assertWithin(
        sessions.map(({ createdAt }) => createdAt),
        PERSON,
        person,
      );
      assertPushes(sessions, person);
    }
  }
}

/** Whether the person has confirmed a login of this browser by a device link before. */
function isOwnBrowser(logins: readonly Login[], { browser }: Login, push: PhoneSession): boolean {
  return logins
    .filter((login) => login.browser === browser)
    .flatMap(({ sessions }) => sessions)
    .some(
      ({ kind, confirmed, order }) =>
        kind === 'link' && order < push.order && confirmed?.by.identifier === personOf(push),
    );
}

function personOf({ target }: PhoneSession): string | undefined {
  return target && /^PNO(?:LV-\d{6}-\d{5}|[A-Z]{2}-\d{11})/.exec(target)?.[0];
}

/** The generic cell rate algorithm, as an outsider applies it to what has happened. @param times in order */
function assertWithin(times: readonly number[], { count, perMs }: Rate, who: string): void {
  const spacing = perMs / count;
  let usedUntil = -Infinity;
  for (const at of times) {
    assert.ok(
      usedUntil <= at + (count - 1) * spacing,
      `${who} exceeds ${count} in ${perMs / 60_000} minutes`,
    );
    usedUntil = Math.max(usedUntil, at) + spacing;
  }
}

/** One at a time, and after each that was not confirmed the next one waits longer. */
function assertPushes(pushes: readonly PhoneSession[], person: string): void {
  let unconfirmed = 0;
  let last: PhoneSession | undefined;
  for (const push of pushes) {
    if (last) {
      const end = Math.min(last.answeredAt ?? Infinity, last.createdAt + SHOWN_MS);
      assert.ok(push.createdAt >= end, `two requests are on the phone of ${person} at once`);
      unconfirmed = last.confirmed ? 0 : unconfirmed + 1;
      const wait = unconfirmed === 0 ? 0 : (PUSH_WAITS[Math.min(unconfirmed, PUSH_WAITS.length) - 1] ?? 0);
      assert.ok(push.createdAt >= last.createdAt + wait, `${person} gets the next request too early`);
    }
    last = push;
  }
}
