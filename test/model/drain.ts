/** The end of a run: everything is up again, and each browser follows its pages to the end. */
import assert from 'node:assert/strict';
import { waitForPage } from './commands/browser.ts';
import type { Real } from './commands/command.ts';
import { type Facts, isOvertaken, type Login, standingConfirmation } from './facts.ts';
import type { ReadPage } from './system/page.ts';

/** In milliseconds. A younger session has not timed out. */
const ANSWERABLE_MS = 80_000;
/** An authorization request that is younger is still there. */
const OPEN_MS = 13 * 60_000;
const LONGER_THAN_A_SESSION_MS = 100_000;
const MAX_STEPS = 30;
/** By then a confirmation has arrived. */
const PATIENT_STEPS = 8;

export async function drain(facts: Facts, real: Real): Promise<void> {
  real.setSmartId('up');
  for (const instance of real.instances) {
    instance.faults.heal();
    instance.setAuditAway(false);
  }
  const begun = facts.logins.filter((login): login is Login & { path: string } => login.path !== undefined);
  // Those first whose confirmation is about to time out.
  const order = begun.toSorted((one, other) => Number(mustGetIn(other)) - Number(mustGetIn(one)));
  for (const login of order) await drainLogin(login);

  /** Who has confirmed, in time, and was not overtaken by anything that the person did, gets in. */
  function mustGetIn(login: Login): boolean {
    const now = real.system.clock.now();
    const session = standingConfirmation(login);
    if (!session || facts.setBack || login.errors.length > 0) return false;
    return now - session.createdAt < ANSWERABLE_MS && now - login.openedAt < OPEN_MS;
  }

  async function drainLogin(login: Login & { path: string }): Promise<void> {
    const expectsCode = mustGetIn(login) || login.codes.size > 0;
    if (login.codes.size === 0) {
      // A page that goes on by itself is not left.
      if (!login.page || !goesOn(login.page)) await real.get(login, `${login.path}/wait?poll`);
      await follow(login);
    }
    const page = login.page && `${login.page.status} “${login.page.heading}”`;
    assert.ok(
      !expectsCode || login.codes.size === 1,
      `login ${login.number} was confirmed, and ends at ${page}`,
    );
    if (login.codes.size > 0) {
      if (login.redeemed === 0) await real.relyingParties.redeem(login);
      return;
    }
    if (login.errors.length > 0) return;
    assertTold(login);
    await real.post(login, `${login.path}/cancel`, {});
    await follow(login);
  }

  async function follow(login: Login & { path: string }): Promise<void> {
    for (let step = 0; ; step++) {
      const { page } = login;
      if (!page || !goesOn(page)) return;
      assert.ok(step < MAX_STEPS, `login ${login.number} comes to no end: ${page.heading}`);
      // The person does not answer any more, or the app does not come back.
      if (isWaiting(page) && (login.sessions.at(-1)?.confirmed === undefined || step > PATIENT_STEPS)) {
        real.system.clock.move(LONGER_THAN_A_SESSION_MS);
      }
      const onward = page.actions.find(({ kind }) => kind === 'link');
      const waits = page.refresh !== undefined && !(isOtherTab(page) && step > 2);
      if (waits) await waitForPage(real, login);
      else if (onward?.kind === 'link') await real.get(login, onward.href);
      else return;
    }
  }

  /** A confirmation that does not lead in is explained, unless the person has overtaken it. */
  function assertTold(login: Login): void {
    const session = login.sessions.at(-1);
    if (session?.confirmed === undefined || isOvertaken(login, session)) return;
    const { page } = login;
    const offersFlows = page?.actions.some(
      (action) => action.kind === 'form' && action.action.pathname.endsWith('/device-link'),
    );
    const explained = page && !(offersFlows && page.url.pathname === login.path);
    assert.ok(explained, `login ${login.number} was confirmed, and nothing says why it goes nowhere`);
  }
}

function isWaiting({ text }: ReadPage): boolean {
  return text.includes('data-wait=');
}

function isOtherTab({ text }: ReadPage): boolean {
  return text.includes('data-phase="other-tab"');
}

/** A page that waits, or is on its way: not an outcome, not the choice of flows. */
function goesOn(page: ReadPage): boolean {
  if (isWaiting(page)) return true;
  const [only, ...others] = page.actions;
  return page.refresh !== undefined
    ? !page.actions.some((action) => action.kind === 'form' && action.action.pathname.endsWith('/cancel'))
    : only?.kind === 'link' && others.length === 0 && isOnward(only.href);
}

function isOnward({ pathname, search }: URL): boolean {
  return pathname.startsWith('/authorize/') || search === '?callback';
}
