/** One run: two instances with empty memory, two browsers, and what commands do with them. */
import assert from 'node:assert/strict';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createHttpBrowser, type HttpBrowser, type HttpPage } from '../support/servers/http-browser.ts';
import { CLIENTS, type ModelClient } from './clients.ts';
import type { Expectation, Facts, Login } from './facts.ts';
import { checkPage } from './invariants/pages.ts';
import type { Instance } from './system/instance.ts';
import { readPage } from './system/page.ts';
import { createPhones, type Phones } from './system/phone.ts';
import type { Creation, SmartIdState } from './system/smart-id-front.ts';
import { ISSUER, NAMES, type System } from './system/system.ts';

/** A request of a person takes this long, in milliseconds. */
const REQUEST_MS = 300;

const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0',
] as const;

export interface Asked {
  readonly client: ModelClient;
  readonly browser: number;
  readonly expected: Expectation | undefined;
}

export interface Run {
  readonly system: System;
  readonly facts: Facts;
  readonly phones: Phones;
  /** All of the run, the killed ones too. */
  readonly instances: readonly Instance[];
  readonly alive: () => readonly Instance[];
  /** Smart-ID's sessions that belong to no login. */
  readonly strays: readonly Creation[];
  readonly browsers: readonly HttpBrowser[];
  setSmartId(state: SmartIdState): void;
  open(asked: Asked): Promise<Login>;
  get(login: Login, url: URL | string, browser?: number): Promise<HttpPage | undefined>;
  post(
    login: Login,
    url: URL | string,
    fields: Readonly<Record<string, string>>,
  ): Promise<HttpPage | undefined>;
  /** A request of a client or a program, to one of the instances. @throws where its instance dies */
  fetch(url: URL, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

export async function startRun(system: System, facts: Facts): Promise<Run> {
  system.front.set('up');
  await system.empty();
  const instances = [await system.start(NAMES[0]), await system.start(NAMES[1])];
  const alive = () => instances.filter(({ faults }) => !faults.isDead());
  const strays: Creation[] = [];
  let turn = 0;
  let acting: Login | undefined;
  const browsers = AGENTS.map((agent, index) =>
    createHttpBrowser({
      stopAt: isClients,
      fetch: (url, init) => {
        init.headers.set('user-agent', agent);
        init.headers.set('x-forwarded-for', `192.0.2.${index + 1}`);
        return send(url, init);
      },
    }),
  );
  system.onCreated = (creation) => {
    if (!acting) {
      strays.push(creation);
      return;
    }
    acting.sessions.push({
      id: creation.sessionId,
      kind: creation.kind,
      target: creation.target,
      delivered: creation.delivered,
      createdAt: system.clock.now(),
      order: ++facts.order,
      begunAt: acting.begunAt,
      asKnown: creation.asKnown,
      disturbed: false,
      returnedIn: [],
    });
  };
  return {
    system,
    facts,
    phones: createPhones(system.simulatorUrl),
    instances,
    alive,
    strays,
    browsers,
    setSmartId(state) {
      if (state !== 'up') facts.smartIdDisturbed = true;
      system.front.set(state);
    },
    open,
    get: (login, url, browser = login.browser) =>
      visit(login, browser, (person) => person.get(new URL(url, ISSUER))),
    post: (login, url, fields) =>
      visit(login, login.browser, (person) => person.post(new URL(url, ISSUER), fields)),
    fetch: send,
    async stop() {
      const unwritten = await Promise.all(instances.map((instance) => instance.stop()));
      system.onCreated = () => undefined;
      assert.ok(
        unwritten.every((count) => count === undefined || count === 0),
        'the audit is written',
      );
    },
  };

  async function open({ client, browser, expected }: Asked): Promise<Login> {
    const [state, nonce, verifier] = [random(), random(), random()];
    const url = new URL('/authorize', ISSUER);
    url.search = new URLSearchParams({
      client_id: client.id,
      response_type: 'code',
      redirect_uri: client.redirectUri,
      scope: 'openid profile identity',
      state,
      nonce,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...(expected && hintOf(expected, client)),
    }).toString();
    const now = system.clock.now();
    const login: Login = {
      number: facts.logins.length,
      client,
      browser,
      expected,
      state,
      nonce,
      verifier,
      openedAt: now,
      url,
      history: [],
      sessions: [],
      begunAt: now,
      lastChangeOfMind: -Infinity,
      disturbed: false,
      codes: new Set(),
      errors: [],
      redeemed: 0,
      tokensLost: false,
      tokens: [],
    };
    facts.logins.push(login);
    await visit(login, browser, (person) => person.get(url));
    return login;
  }

  function hintOf(expected: Expectation, { pairwise, redirectUri }: ModelClient): object {
    const { person } = expected;
    if (expected.by === 'login_hint') return { login_hint: person.identifier };
    if (expected.by === 'id_token_hint') return { id_token_hint: expected.idToken };
    const sub = pairwise ? subjectOf(system.pairwiseKey, redirectUri, person.identifier) : person.identifier;
    return { claims: JSON.stringify({ id_token: { sub: { value: sub } } }) };
  }

  /** One action of a person. @returns undefined where the connection broke, since the instance died */
  async function visit(
    login: Login,
    index: number,
    act: (browser: HttpBrowser) => Promise<HttpPage>,
  ): Promise<HttpPage | undefined> {
    system.clock.move(REQUEST_MS);
    // Commands come one after the other, and one that does several things at once does them with one login.
    acting = login;
    const [sessions, killed, failed] = [login.sessions.length, instances.length - alive().length, failures()];
    try {
      const page = await act(browserAt(index));
      arrive(page, index);
      show(login, page, index);
      return page;
    } catch (error) {
      if (!(error instanceof BrokenConnectionError)) throw error;
      return undefined;
    } finally {
      if (failures() !== failed) login.disturbed = true;
      if (instances.length - alive().length !== killed) {
        login.disturbed = true;
        for (const session of login.sessions.slice(sessions)) session.disturbed = true;
      }
    }
  }

  function failures(): number {
    return instances.reduce((sum, { faults }) => sum + faults.failures(), 0);
  }

  function arrive({ url }: HttpPage, browser: number): void {
    if (!isClients(url)) return;
    const { state, code, error, iss } = Object.fromEntries(url.searchParams);
    const login = facts.logins.find((each) => each.state === state);
    assert.ok(login, 'the client gets its own state back');
    assert.equal(login.browser, browser, 'an answer comes in the browser that asked');
    assert.equal(iss, ISSUER);
    assert.equal(redirectUriOf(url), login.client.redirectUri);
    if (code !== undefined) {
      login.codes.add(code);
      login.codeAt ??= system.clock.now();
    }
    if (error !== undefined) login.errors.push(error);
    assert.ok(login.codes.size <= 1, `a login has at most one code, this one ${login.codes.size}`);
    assert.ok(
      login.codes.size === 0 || login.errors.length === 0,
      `a login has a code or an error, not both: ${login.errors.join(', ')}`,
    );
  }

  function show(login: Login, page: HttpPage, browser: number): void {
    if (isClients(page.url)) {
      if (browser === login.browser) login.page = undefined;
      return;
    }
    const read = readPage(page);
    checkPage(read, page, facts);
    // What a script has asked for does not take the place of the page in the tab, which goes on by itself.
    if (browser !== login.browser || page.url.pathname.endsWith('/status')) return;
    login.page = read;
    login.history.push(read.url);
    const path = /^\/login\/[\w-]+/.exec(read.url.pathname)?.[0];
    if (path !== undefined) login.path ??= path;
  }

  /** The instances answer in turn. */
  async function send(url: URL, init: RequestInit = {}): Promise<Response> {
    const [instance, other] = [alive()[turn++ % alive().length], alive()[0]];
    const target = instance ?? other;
    assert.ok(target, 'an instance is alive');
    const to = new URL(url);
    to.port = String(target.port);
    let response: Response;
    try {
      response = await fetch(to, init);
    } catch (error) {
      if (target.faults.isDead()) throw new BrokenConnectionError();
      throw error;
    }
    // What an instance sends after its death was never sent.
    if (target.faults.isDead()) {
      await response.body?.cancel().catch(() => undefined);
      throw new BrokenConnectionError();
    }
    return response;
  }

  function browserAt(index: number): HttpBrowser {
    const browser = browsers[index % browsers.length];
    assert.ok(browser);
    return browser;
  }
}

/** The instance died before the browser had its answer. */
export class BrokenConnectionError extends Error {}

function isClients(url: URL): boolean {
  return CLIENTS.some(({ redirectUri }) => redirectUri === redirectUriOf(url));
}

function redirectUriOf(url: URL): string {
  return url.origin === 'null' ? `${url.protocol}${url.pathname}` : `${url.origin}${url.pathname}`;
}

function random(): string {
  return randomBytes(32).toString('base64url');
}

/** The pairwise `sub` that the documentation promises: an HMAC over the host of the redirect URI and the identifier. */
export function subjectOf(key: Buffer, redirectUri: string, identifier: string): string {
  return createHmac('sha256', key)
    .update(`${new URL(redirectUri).host}\n${identifier}`)
    .digest('base64url');
}
