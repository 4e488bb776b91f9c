/** Two persons, three browsers and four services at once, before and after a change of SECRET_KEY: each person sees theirs alone. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { codeForm, untilSettled } from '../../../e2e/support/http/http-login.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { temporaryDirectory } from '../../support/database.ts';
import { createHttpBrowser, type HttpBrowser } from '../../support/servers/http-browser.ts';
import { startTestPostgres, type TestPostgres } from '../../support/servers/postgres.ts';
import { startWholeSild, type WholeSild } from '../../support/whole-sild.ts';

const OLD = 'the former SECRET_KEY of these tests';
const NEW = 'the SECRET_KEY of these tests from now on';
/** Automated accounts. */
const PERSONS = ['40504040001', '50001029996'].map((code) => ({ country: 'EE', personal_code: code }));
type Person = (typeof PERSONS)[number];
const SERVICES = ['bank', 'clinic', 'notary', 'shop'];
const AGENTS = {
  'Firefox, Windows': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Safari, iPhone':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
  'Chrome, Android':
    'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
};
const REDIRECT_URI = 'https://service.example.ee/callback';

interface Downloaded {
  readonly total: number;
  readonly logins: readonly Readonly<Record<'service' | 'browser' | 'reference' | 'outcome', string>>[];
}

let database: TestPostgres;
let clientsFile: string;
before(async () => {
  database = await startTestPostgres();
  clientsFile = join(await temporaryDirectory(), 'clients.json');
  const clients = SERVICES.map((id) => ({
    client_id: id,
    client_name: `The ${id}`,
    client_secret_sha256: createHash('sha256').update(`the secret of the ${id}`).digest('hex'),
    redirect_uris: [REDIRECT_URI],
  }));
  await writeFile(clientsFile, JSON.stringify({ clients }));
});
after(() => database.stop());

it('shows each person their logins and no other, in every browser at once, under both values of SECRET_KEY', async () => {
  const expected = new Map<Person, string[]>(PERSONS.map((person) => [person, []]));
  const everywhere = Object.values(AGENTS);
  for (const { key, secrets, agents, atEach } of [
    { key: OLD, secrets: createSecrets(OLD), agents: everywhere, atEach: 3 },
    { key: `${NEW},${OLD}`, secrets: createSecrets(NEW, OLD), agents: everywhere.slice(0, 1), atEach: 4 },
  ]) {
    const sild = await start(key);
    try {
      await Promise.all(agents.flatMap((agent) => logInEverywhere(sild, agent)));
      const visits = PERSONS.flatMap((person) => everywhere.map((agent) => ({ person, agent })));
      const browsers = await Promise.all(visits.map(({ person, agent }) => visit(sild, person, agent)));
      // The logins to the history are entries too.
      for (const person of PERSONS) expected.get(person)?.push(...finished(sild, secrets, person));
      // All at once, several times: no answer is mixed up with another.
      const looks = [0, 1, 2].flatMap(() => browsers.map((browser, index) => ({ browser, index })));
      await Promise.all(
        looks.map(async ({ browser, index }) => {
          const visited = visits[index]?.person;
          const wanted = (visited && expected.get(visited)) ?? [];
          const { logins } = await historyWith(sild, browser, wanted.length);
          assert.deepEqual(logins.map(({ reference }) => reference).toSorted(), wanted.toSorted());
          for (const service of SERVICES) {
            const there = logins.filter((login) => login.service === `The ${service}`);
            assert.equal(there.length, atEach);
          }
          assert.deepEqual(new Set(logins.map((login) => login.browser)), new Set(Object.keys(AGENTS)));
        }),
      );
    } finally {
      await sild.stop();
    }
  }
  const [first = [], second = []] = [...expected.values()];
  // At four services in three browsers and then in one, and to the history in three under each key.
  assert.deepEqual([first.length, second.length], [22, 22]);
  assert.ok(!first.some((reference) => second.includes(reference)));
});

function logInEverywhere(sild: WholeSild, agent: string): Promise<void>[] {
  return PERSONS.flatMap((person) => SERVICES.map((service) => logIn(sild, person, agent, service)));
}

function start(key: string): Promise<WholeSild> {
  const limits = { RATE_PUSH: 'off', RATE_PERSON: 'off', RATE_ADDRESS: 'off' };
  return startWholeSild({
    DATABASE_URL: database.url,
    SECRET_KEY: key,
    CLIENTS_FILE: clientsFile,
    ...limits,
  });
}

function browserOf(agent: string): HttpBrowser {
  return createHttpBrowser({
    stopAt: ({ href }) => href.startsWith(REDIRECT_URI),
    fetch: (url, init) => {
      init.headers.set('user-agent', agent);
      return fetch(url, init);
    },
  });
}

async function logIn(sild: WholeSild, person: Person, agent: string, service: string): Promise<void> {
  const browser = browserOf(agent);
  const query = new URLSearchParams({
    client_id: service,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: REDIRECT_URI,
    code_challenge: createHash('sha256').update('a verifier').digest('base64url'),
    code_challenge_method: 'S256',
  });
  const page = await browser.get(`${sild.issuer}/authorize?${query.toString()}`);
  const end = await untilSettled(browser, await browser.post(codeForm(page), person));
  assert.ok(end.url.searchParams.get('code'), end.text);
}

async function visit(sild: WholeSild, person: Person, agent: string): Promise<HttpBrowser> {
  const browser = browserOf(agent);
  const page = await browser.post(`${sild.issuer}/me/login`, {});
  const end = await untilSettled(browser, await browser.post(codeForm(page), person));
  assert.equal(end.url.href, `${sild.issuer}/me`, end.text);
  return browser;
}

/** The references of the logins of a person that the log tells. */
function finished({ log }: WholeSild, secrets: ReturnType<typeof createSecrets>, person: Person): string[] {
  const pseudonym = secrets.pseudonym(`PNO${person.country}-${person.personal_code}`);
  return log
    .filter((line) => line.event === 'login_finished' && line.person === pseudonym)
    .map(({ reference }) => String(reference));
}

/** The history once it has so many logins that are finished: the audit is written in the background. */
async function historyWith({ issuer }: WholeSild, browser: HttpBrowser, logins: number): Promise<Downloaded> {
  const patience = AbortSignal.timeout(10_000);
  for (;;) {
    const { text } = await browser.get(`${issuer}/me/history.json`);
    const history = JSON.parse(text) as Downloaded;
    if (history.logins.filter(({ outcome }) => outcome === 'finished').length >= logins) return history;
    patience.throwIfAborted();
    await setTimeout(100);
  }
}
