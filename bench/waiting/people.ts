/** People who wait for their phones, each in a browser with an event stream, and the phones, by the simulator's control API. */
import { randomBytes, createHash } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { centuryDigitCodeIsValid } from '../../src/identity/countries/century-digit-code.ts';
import { createHttpBrowser } from '../../test/support/servers/http-browser.ts';
import { CLIENT } from '../login/messages.ts';

export interface Person {
  readonly code: string;
  /** Resolves with the time of the event that tells that the login is complete, by `performance.now()`. */
  readonly told: Promise<number>;
  readonly hasLeft: () => boolean;
  readonly leave: () => void;
}

const [REDIRECT_URI = ''] = CLIENT.redirect_uris;

/** Valid Estonian personal codes, each once. */
export function personalCodes(count: number): readonly string[] {
  const codes: string[] = [];
  for (let number = 37_001_010_000; codes.length < count; number += 1) {
    const code = String(number);
    if (centuryDigitCodeIsValid(code)) codes.push(code);
  }
  return codes;
}

/** Begins a login by personal code, and listens once the page waits. */
export async function waitInBrowser(issuer: string, code: string): Promise<Person> {
  const browser = createHttpBrowser({ stopAt: (url) => url.href.startsWith(REDIRECT_URI) });
  const parameters = new URLSearchParams({
    client_id: CLIENT.client_id,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'openid',
    state: 'state',
    nonce: 'nonce',
    code_challenge: createHash('sha256').update(randomBytes(32)).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const { url } = await browser.get(`${issuer}/authorize?${parameters.toString()}`);
  const page = await browser.post(`${url.href}/code`, { country: 'EE', personal_code: code });
  if (!page.text.includes('data-wait=')) throw new Error(`no waiting page, but ${page.status}`);
  const address = new URL(`${url.href}/events`);
  const cookies = Object.entries(browser.cookiesFor(address)).map(([name, value]) => `${name}=${value}`);
  const sent = request(address, { agent: false, headers: { cookie: cookies.join('; ') } });
  const answered = Promise.withResolvers<IncomingMessage>();
  sent.once('response', answered.resolve).once('error', answered.reject).end();
  const events = await answered.promise;
  if (events.statusCode !== 200) throw new Error(`the event stream responded with ${events.statusCode}`);
  const { promise: told, resolve, reject } = Promise.withResolvers<number>();
  told.catch(() => undefined);
  events.setEncoding('utf8').on('error', () => undefined);
  let last = 'nothing';
  events.on('data', (text: string) => {
    last = /"state":"(\w+)"/.exec(text)?.[1] ?? last;
    if (text.includes('"state":"authenticated"')) resolve(performance.now());
  });
  events.once('close', () => {
    reject(new Error(`the events ended with “${last}” before the login was complete`));
  });
  return { code, told, hasLeft: () => events.closed, leave: () => sent.destroy() };
}

/**
 * Confirms logins on their phones at an even rate.
 *
 * @returns from the press of Confirm to the event in the browser, in milliseconds, of each
 */
export async function confirmEvenly(
  phoneUrl: string,
  people: readonly Person[],
  perSecond: number,
): Promise<readonly number[]> {
  const control = new URL('/control/requests', phoneUrl);
  const { requests } = (await (await fetch(control)).json()) as {
    readonly requests: readonly { readonly id: string; readonly identifier: string }[];
  };
  const ids = new Map(requests.map(({ id, identifier }) => [identifier, id]));
  const begun = performance.now();
  return Promise.all(
    people.map(async ({ code, told }, index) => {
      await delay(Math.max(0, begun + (1_000 * index) / perSecond - performance.now()));
      const pressed = performance.now();
      const confirmed = await fetch(`${control.href}/${ids.get(`PNOEE-${code}`)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"action":"confirm"}',
      });
      if (!confirmed.ok) throw new Error(`the phone responded with ${confirmed.status}`);
      await confirmed.arrayBuffer();
      return (await told) - pressed;
    }),
  );
}
