import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as fc from 'fast-check';
import * as openid from 'openid-client';
import {
  createHttpBrowser,
  type HttpBrowser,
  type HttpPage,
} from '../../test/support/servers/http-browser.ts';
import { findSecrets, type Secret } from '../../test/support/outputs/secret-search.ts';
import { authorizationRequest, browserOf, discover } from '../support/http/client.ts';
import { listenTo } from '../support/http/event-stream.ts';
import { untilSettled } from '../support/http/http-login.ts';
import { openDeviceLink } from '../support/http/http-phone.ts';
import { type Exchange, type RecordingProxy, startRecordingProxy } from '../support/http/recording-proxy.ts';
import { freshEnvironment } from '../support/environment.ts';
import { type Stack, startStack } from '../support/stack.ts';

const PUSHED = {
  ok: { country: 'EE', personal_code: '39901012239' },
  refused: { country: 'LT', personal_code: '30403039917' },
  wrongCode: { country: 'LV', personal_code: '030403-10075' },
  unusable: { country: 'EE', personal_code: '39909096017' },
  noAccount: { country: 'EE', personal_code: '39909094045' },
  serviceDown: { country: 'EE', personal_code: '39909095009' },
};

/**
 * The whole product between two proxies: one records all traffic with browsers and clients, the other all traffic with
 * Smart-ID, from which the secrets are taken.
 */
describe('the secrets of Smart-ID sessions', () => {
  let directory: string;
  let front: RecordingProxy;
  let back: RecordingProxy;
  let stack: Stack;
  let configuration: openid.Configuration;
  /** The callback URLs that the phone opened. */
  const proofs: Secret[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sild-secrecy-'));
    const environment = await freshEnvironment(join(directory, 'data'));
    front = await startRecordingProxy(environment.PORT);
    back = await startRecordingProxy(environment.SIMULATOR_PORT);
    stack = await startStack({
      ...environment,
      ISSUER: front.origin,
      SMARTID_BASE_URL: `${back.origin}/smart-id-rp/v3/`,
      LOG_LEVEL: 'debug',
      SIMULATOR_DELAY_MS: '50',
    });
    configuration = await discover(stack);
  });
  after(async () => {
    // First: there is no stack where it could not start, and an open proxy would keep the process.
    await Promise.all([front.close(), back.close()]);
    stack.process.signal('SIGKILL');
    await stack.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('do not occur in pages, events, status answers or the log, for every outcome of a login', async () => {
    for (const person of Object.values(PUSHED)) await byPush(person);
    await byQrCode('confirm');
    await byQrCode('cancel');
    await byQrCode('confirm', 'PNOEE-39909096050');
    await byApp();
    for (const tamper of TAMPERED) await byApp(tamper);
    assert.deepEqual(found(), []);
    // Every kind of secret existed, and every place was searched.
    const kinds = Object.groupBy(secrets(), ({ what }) => what);
    for (const kind of KINDS) assert.ok((kinds[kind]?.length ?? 0) > 2, kind);
    for (const part of ['/wait', '/events', '/status', '/callback/smart-id', '/authorize', '/token'])
      assert.ok(
        front.exchanges.some(({ path }) => path.includes(part)),
        part,
      );
    for (const event of ['login_begun', 'login_callback_received', 'login_finished', 'login_failed'])
      assert.ok(stack.process.output().includes(event), event);
  });

  it('do not occur in them for random sequences of requests', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { minLength: 3, maxLength: 9 }), async (steps) => {
        const person = await atLogin();
        for (const step of steps) await take(step, person);
        assert.deepEqual(found(), []);
      }),
      { numRuns: 10, interruptAfterTimeLimit: 25_000, endOnFailure: true },
    );
  });

  it('would be found: the public parts of device links are found in events and pages', () => {
    const tokens = started().map(({ sessionToken }) => ({ what: 'session token', value: sessionToken }));
    const inEvents = front.exchanges.filter(({ path }) => path.includes('/events'));
    const inPages = front.exchanges.filter(({ path }) => path.includes('/wait'));
    for (const exchanges of [inEvents, inPages])
      assert.notDeepEqual(findSecrets(answersOf(exchanges), tokens), []);
    // The traffic with Smart-ID contains all of them.
    const recorded = back.exchanges.map(({ requestBody, body }) => requestBody + body);
    for (const secret of secrets())
      if (secret.what !== 'session ID' && !KINDS_OF_PROOF.includes(secret.what))
        assert.notDeepEqual(findSecrets(recorded, [secret]), [], secret.what);
  });

  function found(): string[] {
    return [
      ...findSecrets(answersOf(front.exchanges), secrets()),
      // Links and their parts are only for the waiting browser, not for the log.
      ...findSecrets(stack.process.output().split('\n'), [
        ...secrets(),
        ...started().map(({ sessionToken }) => ({ what: 'session token', value: sessionToken })),
      ]),
    ];
  }

  /** The secrets in the recorded traffic with Smart-ID. */
  function secrets(): Secret[] {
    return [...back.exchanges.flatMap(secretsOf), ...proofs];
  }

  function started(): { sessionToken: string }[] {
    return back.exchanges
      .filter(({ path, status }) => path.includes('/device-link/') && status === 200)
      .map(({ body }) => JSON.parse(body) as { sessionToken: string });
  }

  async function atLogin(): Promise<Person> {
    const { url, checks } = await authorizationRequest(configuration, stack);
    const browser = browserOf(stack);
    const { url: login } = await browser.get(url);
    return { browser, login: login.href.replace(/\/code$/, ''), checks };
  }

  async function byPush(fields: typeof PUSHED.ok): Promise<void> {
    const { browser, login, checks } = await atLogin();
    const { url } = await untilSettled(browser, await browser.post(`${login}/code`, fields));
    if (url.searchParams.has('code')) await openid.authorizationCodeGrant(configuration, url, checks);
    await browser.get(`${login}/status`);
  }

  async function byQrCode(answer: 'confirm' | 'cancel', account?: string): Promise<void> {
    const { browser, login } = await atLogin();
    const page = await browser.post(`${login}/device-link`, { show: 'qr' });
    await browser.get(`${login}/status?show=qr`);
    const events = await listenTo(browser, new URL(`${login}/events?show=qr`));
    const { link = '' } = await events.until((event) => event.link !== undefined);
    const request = await openDeviceLink(link, account);
    await request[answer]();
    await events.ended;
    await untilSettled(browser, page);
  }

  /** @param tamper changes the callback URL, or opens it in another browser */
  async function byApp(tamper?: Tampering): Promise<void> {
    const { browser, login } = await atLogin();
    await browser.post(`${login}/device-link`, { show: 'web2app' });
    const { location } = await confirmInApp(await browser.get(`${login}/wait?show=web2app`));
    const tampered = tamper === undefined ? { browser, location } : await tamper({ browser, location });
    await tampered.browser.get(tampered.location);
    // The callback a second time, and the tab in which the login started.
    await tampered.browser.get(location);
    await browser.get(`${login}/wait?show=web2app`);
    await browser.get(`${login}/status?show=web2app`);
  }

  async function confirmInApp({ text }: HttpPage): Promise<{ location: URL }> {
    const link = /href="([^"]*deviceLinkType=Web2App[^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    assert.ok(link, 'the page has the app link');
    const request = await openDeviceLink(link);
    const { location } = await request.confirm();
    for (const what of KINDS_OF_PROOF) {
      const value = location.searchParams.get(what);
      assert.ok(value, what);
      proofs.push({ what, value });
    }
    return { location };
  }

  async function take(step: Step, { browser, login }: Person): Promise<void> {
    switch (step.kind) {
      case 'get':
        await browser.get(`${login}${step.path}`);
        return;
      case 'post':
        await browser.post(`${login}${step.path}`, step.fields);
        return;
      case 'listen': {
        const events = await listenTo(browser, new URL(`${login}/events?show=qr`)).catch(() => undefined);
        await events?.until(() => true);
        events?.close();
        await events?.ended;
        return;
      }
      case 'answer': {
        const page = await browser.get(`${login}/wait?show=web2app`);
        if (!page.text.includes('deviceLinkType=Web2App')) return;
        const { location } = await confirmInApp(page);
        await browser.get(location);
        return;
      }
      case 'callback': {
        // The newest callback value, as if guessed or stolen.
        const value = secrets().findLast(({ what }) => what === 'callback value')?.value ?? 'a-guess';
        await browser.get(`${front.origin}/callback/smart-id?value=${value}${step.query}`);
        return;
      }
    }
  }
});

interface Person {
  readonly browser: HttpBrowser;
  /** URL of the login. */
  readonly login: string;
  /** The values that the client checks in the response. */
  readonly checks: openid.AuthorizationCodeGrantChecks;
}

interface CallbackVisit {
  readonly browser: HttpBrowser;
  readonly location: URL;
}
type Tampering = (visit: CallbackVisit) => Promise<CallbackVisit> | CallbackVisit;

const KINDS_OF_PROOF = ['sessionSecretDigest', 'userChallengeVerifier'];
const KINDS = ['session secret', 'rpChallenge', 'session ID', 'callback value', ...KINDS_OF_PROOF];

const TAMPERED: readonly Tampering[] = [
  ({ browser, location }) => ({ browser, location: withParameter(location, 'sessionSecretDigest', 'x') }),
  ({ browser, location }) => ({ browser, location: withParameter(location, 'userChallengeVerifier', 'y') }),
  ({ browser, location }) => ({ browser, location: withParameter(location, 'value', 'z') }),
  ({ browser, location }) => {
    location.searchParams.delete('userChallengeVerifier');
    return { browser, location };
  },
  // In a browser without cookies of the login.
  ({ location }) => ({ browser: createHttpBrowser(), location }),
];

type Step =
  | { readonly kind: 'get'; readonly path: string }
  | { readonly kind: 'post'; readonly path: string; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'listen' | 'answer' }
  | { readonly kind: 'callback'; readonly query: string };

const STEPS: readonly Step[] = [
  ...['', '/code', '/wait', '/wait?show=qr', '/wait?show=web2app', '/wait?poll', '/wait?callback'].map(
    (path) => ({ kind: 'get', path }) as const,
  ),
  { kind: 'get', path: '/status?show=qr' },
  { kind: 'post', path: '/device-link', fields: { show: 'qr' } },
  { kind: 'post', path: '/device-link', fields: { show: 'web2app' } },
  { kind: 'post', path: '/code', fields: PUSHED.ok },
  { kind: 'post', path: '/code', fields: PUSHED.noAccount },
  { kind: 'post', path: '/restart', fields: {} },
  { kind: 'listen' },
  { kind: 'answer' },
  { kind: 'callback', query: '' },
  { kind: 'callback', query: '&sessionSecretDigest=x&userChallengeVerifier=y' },
];

/** The secret values in the requests to Smart-ID and its responses. */
function secretsOf({ requestBody, body, status }: Exchange): Secret[] {
  if (requestBody === '' || status !== 200) return [];
  const request = JSON.parse(requestBody) as Partial<{
    signatureProtocolParameters: { rpChallenge: string };
    initialCallbackUrl: string;
  }>;
  const response = JSON.parse(body) as Partial<{ sessionID: string; sessionSecret: string }>;
  const callback = request.initialCallbackUrl;
  return [
    { what: 'rpChallenge', value: request.signatureProtocolParameters?.rpChallenge },
    { what: 'callback value', value: callback && new URL(callback).searchParams.get('value') },
    { what: 'session ID', value: response.sessionID },
    { what: 'session secret', value: response.sessionSecret },
  ].flatMap(({ what, value }) => (value ? [{ what, value }] : []));
}

function answersOf(exchanges: readonly Exchange[]): string[] {
  return exchanges.map(({ headers, body }) => `${headers}\n\n${body}`);
}

function withParameter(address: URL, name: string, value: string): URL {
  const changed = new URL(address);
  changed.searchParams.set(name, value);
  return changed;
}
