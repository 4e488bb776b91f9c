/** What people, their phones and a client do in a soak, each over HTTP with a browser of its own. */
import { setTimeout } from 'node:timers/promises';
import { listenTo } from '../../e2e/support/http/event-stream.ts';
import { openDeviceLink } from '../../e2e/support/http/http-phone.ts';
import type { HttpPage } from '../../test/support/servers/http-browser.ts';
import {
  begin,
  type BegunLogin,
  codeOf,
  isAtClient,
  PERSON,
  redeem,
  tokensOf,
  untilSettled,
} from '../login/drive.ts';

/** Accounts of the simulator that do not confirm. */
const REFUSES = { country: 'EE', personal_code: '30403039917' };
const TIMES_OUT = { country: 'EE', personal_code: '30403039983' };
const CHOOSES_WRONGLY = { country: 'EE', personal_code: '30403039972' };
const FAILS_AT_SMART_ID = { country: 'EE', personal_code: '39909096050' };
const ANSWERS_ON_THE_PHONE = { country: 'EE', personal_code: '38001085718' };
/** How long somebody looks at the page before leaving. */
const LOOKS_MS = 2_000;

export interface Journey {
  readonly name: string;
  /** How often it comes, among all. */
  readonly share: number;
  /** @throws where it does not end as it must */
  readonly run: (issuer: string) => Promise<void>;
}

export const JOURNEYS: readonly Journey[] = [
  { name: 'personal code', share: 6, run: (issuer) => byCode(issuer).then(nothing) },
  { name: 'QR code', share: 4, run: byQrCode },
  { name: 'app link', share: 4, run: byAppLink },
  { name: 'refused', share: 1, run: failing(REFUSES) },
  { name: 'timed out', share: 1, run: failing(TIMES_OUT) },
  { name: 'wrong code chosen', share: 1, run: failing(CHOOSES_WRONGLY) },
  { name: 'failed at Smart-ID', share: 1, run: failing(FAILS_AT_SMART_ID) },
  { name: 'abandoned', share: 2, run: abandoned },
  { name: 'cancelled', share: 1, run: cancelled },
  { name: 'logged out', share: 2, run: loggedOut },
  { name: 'code redeemed twice', share: 1, run: redeemedTwice },
  { name: 'wrong secret', share: 1, run: withWrongSecret },
  { name: 'unknown client', share: 1, run: withUnknownClient },
];

interface LoggedIn extends BegunLogin {
  readonly code: string;
  readonly idToken: string;
}

async function byCode(issuer: string): Promise<LoggedIn> {
  const login = await begin(authorizeAt(issuer));
  const waiting = await login.browser.post(`${login.page.url.href}/code`, PERSON);
  return finished(issuer, login, await untilSettled(login.browser, waiting));
}

async function byQrCode(issuer: string): Promise<void> {
  const login = await begin(authorizeAt(issuer));
  const page = await showLink(login, 'qr');
  const status = await login.browser.get(`${login.page.url.href}/status?show=qr`);
  const { link } = JSON.parse(status.text) as { readonly link: string };
  await (await openDeviceLink(link)).confirm();
  await finished(issuer, login, await untilSettled(login.browser, page));
}

async function byAppLink(issuer: string): Promise<void> {
  const login = await begin(authorizeAt(issuer));
  const page = await showLink(login, 'web2app');
  const link = /<a class="primary open" href="([^"]+)">/.exec(page.text)?.[1]?.replaceAll('&amp;', '&');
  if (link === undefined) throw new Error(`no link, but ${page.status} at ${page.url.href}`);
  const { location } = await (await openDeviceLink(link)).confirm();
  await finished(issuer, login, await untilSettled(login.browser, await login.browser.get(location)));
}

function showLink({ browser, page }: BegunLogin, show: 'qr' | 'web2app'): Promise<HttpPage> {
  return browser.post(`${page.url.href}/device-link`, { show });
}

/** The person does not confirm, and is told so. */
function failing(person: typeof PERSON): Journey['run'] {
  return async (issuer) => {
    const { browser, page } = await begin(authorizeAt(issuer));
    const waiting = await browser.post(`${page.url.href}/code`, person);
    const end = await untilSettled(browser, waiting);
    if (isAtClient(end) || end.status >= 500) throw new Error(`${end.status} at ${end.url.href}`);
  };
}

async function abandoned(issuer: string): Promise<void> {
  const { browser, page } = await waitingAt(issuer);
  const events = await listenTo(browser, new URL(`${page.url.href}/events`));
  await setTimeout(LOOKS_MS);
  events.close();
  await events.ended.catch(nothing);
}

async function cancelled(issuer: string): Promise<void> {
  const { browser, page } = await waitingAt(issuer);
  const end = await browser.post(`${page.url.href}/cancel`, {});
  if (end.url.searchParams.has('code') || end.status >= 400) throw new Error(`${end.status}`);
}

async function waitingAt(issuer: string): Promise<BegunLogin> {
  const login = await begin(authorizeAt(issuer));
  const waiting = await login.browser.post(`${login.page.url.href}/code`, ANSWERS_ON_THE_PHONE);
  if (!waiting.text.includes('data-wait=')) throw new Error(`${waiting.status} at ${waiting.url.href}`);
  return login;
}

async function loggedOut(issuer: string): Promise<void> {
  const { browser, idToken } = await byCode(issuer);
  const page = await browser.get(`${issuer}/logout?id_token_hint=${idToken}`);
  const xsrf = /name="xsrf" value="(\w+)/.exec(page.text)?.[1] ?? '';
  const action = / action="([^"]+)/.exec(page.text)?.[1] ?? '';
  const end = await browser.post(new URL(action, page.url), { xsrf, logout: 'yes' });
  if (xsrf === '' || end.status !== 200) throw new Error(`${end.status} at ${end.url.href}`);
}

async function redeemedTwice(issuer: string): Promise<void> {
  const { code, verifier } = await byCode(issuer);
  await expectStatus(await redeem(tokenAt(issuer), code, verifier), 400);
}

async function withWrongSecret(issuer: string): Promise<void> {
  await expectStatus(await redeem(tokenAt(issuer), 'code', 'verifier', 'wrong-secret'), 401);
}

async function withUnknownClient(issuer: string): Promise<void> {
  await expectStatus(await fetch(`${authorizeAt(issuer)}?client_id=unknown&response_type=code`), 400);
}

async function finished(issuer: string, login: BegunLogin, page: HttpPage): Promise<LoggedIn> {
  const code = codeOf(page);
  const { id_token: idToken } = await tokensOf(await redeem(tokenAt(issuer), code, login.verifier));
  return { ...login, code, idToken };
}

async function expectStatus(answer: Response, status: number): Promise<void> {
  const text = await answer.text();
  if (answer.status !== status) throw new Error(`${answer.status} and not ${status}: ${text.slice(0, 200)}`);
}

function authorizeAt(issuer: string): string {
  return `${issuer}/authorize`;
}

function tokenAt(issuer: string): string {
  return `${issuer}/token`;
}

function nothing(): void {
  // The journey has ended as it must.
}
