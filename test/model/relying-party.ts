/** The clients of the model: they redeem their codes, and judge what they get. */
import assert from 'node:assert/strict';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { z } from 'zod';
import { JWKS_CACHE_SECONDS } from '../../src/oidc/keys/key-schedule.ts';
import type { Login } from './facts.ts';
import { PEOPLE } from './people.ts';
import { BrokenConnectionError, type Run, subjectOf } from './run.ts';
import { ISSUER } from './system/system.ts';

const tokensSchema = z.object({ access_token: z.string(), id_token: z.string() });
const claimsSchema = z.looseObject({
  sub: z.string(),
  nonce: z.string(),
  semantics_identifier: z.string(),
  given_name: z.string(),
  family_name: z.string(),
  birthdate: z.string(),
});

/** How long a client may keep the JWKS. */
const JWKS_MS = JWKS_CACHE_SECONDS * 1000;
/** A code can be redeemed for a minute; the requests of the client take a part of it. */
const CODE_MS = 55_000;
/** How often a client asks again after 503: more often than statements fail in a row. */
const TRIES = 20;

export interface RelyingParties {
  /**
   * Redeems the code of a login. The first time it must succeed, even during database errors; any further time it must fail. A
   * killed instance can take the tokens with it.
   */
  redeem(login: Login): Promise<void>;
}

export function createRelyingParties(run: Run): RelyingParties {
  const { clock } = run.system;
  let kept: { readonly jwks: JSONWebKeySet; readonly at: number } | undefined;
  return { redeem };

  async function redeem(login: Login): Promise<void> {
    const [code] = login.codes;
    if (code === undefined) return;
    const request = [
      new URL('/token', ISSUER),
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...authenticationOf(login) },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: login.client.redirectUri,
          code_verifier: login.verifier,
          ...(login.client.secret === undefined ? { client_id: login.client.id } : {}),
        }),
      },
    ] as const;
    let response = await ask(...request);
    for (let tries = 1; response?.status === 503 && tries < TRIES; tries += 1)
      response = await ask(...request);
    if (!response) {
      login.tokensLost = true;
      return;
    }
    if (response.status === 503) return;
    if (response.status !== 200) {
      const inTime = clock.now() - (login.codeAt ?? 0) < CODE_MS;
      const mayFail = login.redeemed > 0 || login.tokensLost || !inTime || run.facts.setBack;
      const body = await response.text();
      assert.ok(mayFail, `the first use of a code succeeds: ${response.status} ${body}`);
      assert.notEqual(response.status, 500, body);
      return;
    }
    assert.equal(login.redeemed, 0, 'a code is redeemed once');
    login.redeemed += 1;
    const tokens = tokensSchema.parse(await response.json());
    login.tokens.push(tokens.access_token, tokens.id_token);
    await judge(login, tokens.id_token);
  }

  /** A token names only the person who has confirmed this login, and whom the client expects. */
  async function judge(login: Login, idToken: string): Promise<void> {
    const { payload } = await jwtVerify(idToken, createLocalJWKSet(await jwks()), {
      issuer: ISSUER,
      audience: login.client.id,
      currentDate: new Date(),
      ...(run.facts.setBack ? { clockTolerance: 86_400 } : {}),
    });
    const claims = claimsSchema.parse(payload);
    assert.equal(claims.nonce, login.nonce);
    const person = PEOPLE.find(({ identifier }) => identifier === claims.semantics_identifier);
    assert.ok(person, 'the token names one of the people');
    const { identifier, givenName, surname, birthDate } = person;
    assert.deepEqual(
      [claims.given_name, claims.family_name, claims.birthdate],
      [givenName, surname, birthDate],
    );
    assert.equal(
      claims.sub,
      login.client.pairwise
        ? subjectOf(run.system.pairwiseKey, login.client.redirectUri, identifier)
        : identifier,
    );
    if (login.expected) assert.equal(identifier, login.expected.person.identifier, 'the expected person');
    login.named = { person, idToken };
    const confirmations = login.sessions.filter(({ confirmed }) => confirmed?.by === person);
    assert.ok(confirmations.length > 0, `${identifier} has confirmed login ${login.number}`);
    assert.ok(
      confirmations.some(
        ({ confirmed, returnedIn }) => confirmed?.with !== 'Web2App' || returnedIn[0] === login.browser,
      ),
      'the app has come back in the browser of the login, and nowhere else before',
    );
  }

  /** As a client keeps it: an ID token verifies with what was published within the `max-age` of the JWKS. */
  async function jwks(): Promise<JSONWebKeySet> {
    const now = clock.now();
    if (!kept || now - kept.at >= JWKS_MS || now < kept.at) {
      const response = await ask(new URL('/jwks', ISSUER), {});
      assert.ok(response, 'an instance is there');
      kept = { jwks: (await response.json()) as JSONWebKeySet, at: now };
    }
    return kept.jwks;
  }

  async function ask(url: URL, init: RequestInit): Promise<Response | undefined> {
    try {
      return await run.fetch(url, init);
    } catch (error) {
      if (error instanceof BrokenConnectionError) return undefined;
      throw error;
    }
  }
}

function authenticationOf({ client: { id, secret } }: Login): Record<string, string> {
  if (secret === undefined) return {};
  const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret).replaceAll('%20', '+')}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
