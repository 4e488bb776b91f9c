/**
 * An attacker sends requests to a person's phone until they confirm, or tries personal codes to learn who has an account.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { untilSettled } from '../../e2e/support/http/http-login.ts';
import { en } from '../../src/web/messages/en.ts';
import { startLogin } from '../support/attack-actors.ts';
import { createHttpBrowser, type HttpBrowser, type HttpPage } from '../support/servers/http-browser.ts';
import { startWholeSild, type WholeSild } from '../support/whole-sild.ts';

const REFUSES = { country: 'EE', personal_code: '30403039917' };
const NOBODY = { country: 'EE', personal_code: '39909094045' };
const CONFIRMS = { country: 'EE', personal_code: '40504040001' };
const HOUR = 3_600;

/** Starts each login in a new browser without cookies. */
async function push(sild: WholeSild, code: Readonly<Record<string, string>>): Promise<HttpPage> {
  const { browser, firstPage } = await startLogin(sild);
  return untilSettled(browser, await browser.post(`${firstPage.url.href}/code`, code));
}

function assertLimited({ status, text, headers }: HttpPage, heading: string): void {
  assert.equal(status, 429);
  assert.ok(text.includes(heading));
  const seconds = Number(headers.get('retry-after'));
  assert.ok(seconds > HOUR - 60 && seconds <= HOUR, `${seconds}`);
}

describe('flooding a phone with requests', () => {
  it('reaches the phone twice, then is refused until the configured time is over, in every browser', async () => {
    const sild = await startWholeSild({ RATE_PUSH: '0s,1h' });
    try {
      for (const person of [REFUSES, NOBODY]) {
        for (let count = 0; count < 2; count++) assert.equal((await push(sild, person)).status, 200);
        for (let count = 0; count < 3; count++)
          assertLimited(await push(sild, person), en.outcomes.push_too_soon.heading);
      }
      const rung = sild.log.filter(({ event }) => event === 'login_waiting');
      assert.equal(rung.length, 2, 'the second person has no phone');
    } finally {
      await sild.stop();
    }
  });
});

describe('a service that offers only pushes', () => {
  it('lets in a person in the browser of their last login after strangers have used up their logins', async () => {
    const sild = await startWholeSild({ SMARTID_FLOWS: 'notification', RATE_PERSON: '1/1h' });
    const logIn = async (browser: HttpBrowser) => {
      const { url } = await browser.get(`${sild.sampleAppUrl}login`);
      return untilSettled(browser, await browser.post(url, CONFIRMS));
    };
    try {
      const own = createHttpBrowser();
      assert.equal((await logIn(own)).url.origin, new URL(sild.sampleAppUrl).origin);
      assertLimited(await logIn(createHttpBrowser()), en.outcomes.too_many_logins_of_person.heading);
      assert.equal((await logIn(own)).url.origin, new URL(sild.sampleAppUrl).origin);
      assertLimited(await logIn(own), en.outcomes.too_many_logins_of_person.heading);
    } finally {
      await sild.stop();
    }
  });
});

describe('trying personal codes', () => {
  it('is limited by client address, and then gets the same response for every code', async () => {
    const sild = await startWholeSild({ RATE_ADDRESS: '1/1h' });
    try {
      assert.equal((await push(sild, NOBODY)).status, 200);
      const pages = [await push(sild, NOBODY), await push(sild, REFUSES)];
      for (const page of pages) assertLimited(page, en.outcomes.too_many_logins.heading);
      // Only the login's URL, its reference and the seconds may differ.
      const [nobody = '', somebody = ''] = pages.map(({ text, url }) =>
        text
          .replaceAll(url.pathname.split('/')[2] ?? '', 'UID')
          .replace(/<code>[\dA-Z]{4}-[\dA-Z]{4}<\/code>/, '')
          .replace(/\d+ (?:minutes|seconds)|="\d+/g, ''),
      );
      assert.equal(nobody.replace(/content="[^"]*"/g, ''), somebody.replace(/content="[^"]*"/g, ''));
    } finally {
      await sild.stop();
    }
  });
});
