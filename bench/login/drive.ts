/** Logins over HTTP, as a browser without JavaScript and a client make them. */
import { createHash, randomBytes } from 'node:crypto';
import {
  createHttpBrowser,
  type HttpBrowser,
  type HttpPage,
} from '../../test/support/servers/http-browser.ts';
import { CLIENT } from './messages.ts';

/** An account of the simulator that confirms by itself. */
export const PERSON = { country: 'EE', personal_code: '40504040001' };
const [REDIRECT_URI = ''] = CLIENT.redirect_uris;

export interface Paths {
  readonly authorize: string;
  readonly token: string;
}

/** A login that has begun: the browser is on its first page. */
export interface BegunLogin {
  readonly browser: HttpBrowser;
  readonly page: HttpPage;
  /** For the token request. */
  readonly verifier: string;
}

/** One login: from the authorization request until the client has its tokens. @throws if there are none */
export async function logIn(issuer: string, { authorize, token }: Paths): Promise<void> {
  const { browser, page, verifier } = await begin(issuer + authorize);
  // With one way to log in, its form is the first page.
  const form = `${page.url.href.replace(/\/code$/, '')}/code`;
  const next = isAtClient(page) ? page : await browser.post(form, PERSON);
  await tokensOf(await redeem(issuer + token, codeOf(await untilSettled(browser, next)), verifier));
}

/** A new browser makes an authorization request. */
export async function begin(authorizationEndpoint: string): Promise<BegunLogin> {
  const browser = createHttpBrowser({ stopAt: (url) => url.href.startsWith(REDIRECT_URI) });
  const verifier = randomBytes(32).toString('base64url');
  const request = new URLSearchParams({
    client_id: CLIENT.client_id,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'openid',
    state: 'state',
    nonce: 'nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  return { browser, verifier, page: await browser.get(`${authorizationEndpoint}?${request.toString()}`) };
}

export function isAtClient({ url }: HttpPage): boolean {
  return url.href.startsWith(REDIRECT_URI);
}

/** Follows a waiting page until it is another one. Each request is a long poll. */
export async function untilSettled(browser: HttpBrowser, first: HttpPage): Promise<HttpPage> {
  let page = first;
  while (page.text.includes('data-wait=')) page = await browser.get(new URL('?poll', page.url));
  return page;
}

/** @throws if the page is not the client's, with a code */
export function codeOf({ url, status }: HttpPage): string {
  const code = url.searchParams.get('code');
  if (code === null) throw new Error(`no code, but ${status} at ${url.href}`);
  return code;
}

export function redeem(
  tokenEndpoint: string,
  code: string,
  verifier: string,
  secret = CLIENT.client_secret,
): Promise<Response> {
  const basic = Buffer.from(`${CLIENT.client_id}:${secret}`).toString('base64');
  return fetch(tokenEndpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      code_verifier: verifier,
    }),
  });
}

/** @throws if the answer has no ID token */
export async function tokensOf(answer: Response): Promise<{ readonly id_token: string }> {
  const { id_token, ...rest } = (await answer.json()) as { readonly id_token?: unknown };
  if (typeof id_token !== 'string') throw new Error(`no tokens: ${answer.status} ${JSON.stringify(rest)}`);
  return { id_token };
}

/** @returns how long each login took, in milliseconds */
export async function logInMany(
  login: () => Promise<void>,
  count: number,
  atOnce: number,
): Promise<number[]> {
  const times: number[] = [];
  let left = count;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left > 0) {
        left -= 1;
        const begun = performance.now();
        await login();
        times.push(performance.now() - begun);
      }
    }),
  );
  return times;
}
