/** Logins over HTTP, as a browser without JavaScript and a client make them. */
import { createHash, randomBytes } from 'node:crypto';
import { createHttpBrowser } from '../../test/support/servers/http-browser.ts';
import { CLIENT } from './messages.ts';

/** An account of the simulator that confirms by itself. */
const PERSON = { country: 'EE', personal_code: '40504040001' };
const BASIC = Buffer.from(`${CLIENT.client_id}:${CLIENT.client_secret}`).toString('base64');
const [REDIRECT_URI = ''] = CLIENT.redirect_uris;

export interface Paths {
  readonly authorize: string;
  readonly token: string;
}

/** One login: from the authorization request until the client has its tokens. @throws if there are none */
export async function logIn(issuer: string, { authorize, token }: Paths): Promise<void> {
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
  let page = await browser.get(`${issuer}${authorize}?${request.toString()}`);
  if (!page.url.href.startsWith(REDIRECT_URI)) {
    // With one way to log in, its form is the first page.
    page = await browser.post(`${page.url.href.replace(/\/code$/, '')}/code`, PERSON);
  }
  while (page.text.includes('data-wait=')) page = await browser.get(new URL('?poll', page.url));
  const code = page.url.searchParams.get('code');
  if (code === null) throw new Error(`no code, but ${page.status} at ${page.url.href}`);
  const answer = await fetch(`${issuer}${token}`, {
    method: 'POST',
    headers: { authorization: `Basic ${BASIC}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      code_verifier: verifier,
    }),
  });
  const tokens = (await answer.json()) as { readonly id_token?: unknown };
  if (typeof tokens.id_token !== 'string') throw new Error(`no tokens: ${JSON.stringify(tokens)}`);
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
