import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { LANGUAGES } from '../../src/config/languages.ts';
import { CATALOGUES, ENDONYMS } from '../../src/web/messages/languages.ts';
import type { Messages } from '../../src/web/messages/messages.ts';
import { textsOf } from '../../test/support/catalogue-texts.ts';
import { assertAccessible } from '../support/browser/axe.ts';
import { callbackOf } from '../support/browser/device-link.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { assertFits } from '../support/browser/reflow.ts';
import { greeted, withoutShortcuts } from '../support/browser/steps.ts';

/** WCAG 2.2, 1.4.10 Reflow. */
const NARROW = { width: 320, height: 640 };
const ON_PHONE = { country: 'EE', personal_code: '47101010033' };
/** Long enough not to occur in a sentence of another language by chance. */
const PHRASE = 14;
/** The English texts, except functions and plurals. */
const ENGLISH = textsOf(CATALOGUES.en).filter(
  ({ text, path }) => text.length > PHRASE && !path.endsWith('()'),
);

describe('every page in every language, at the minimum width', () => {
  const journey = prepareJourney({ SIMULATOR_DELAY_MS: '50', SMARTID_COUNTRIES: 'EE,LV,LT,BE' });

  for (const [index, language] of LANGUAGES.filter((each) => each !== 'en').entries()) {
    it(`${language}: has no English text, and is accessible`, async () => {
      const colorScheme = index % 2 === 0 ? 'light' : 'dark';
      const page = await journey.open({ locale: language, viewport: NARROW, colorScheme });
      await withoutShortcuts(page);
      for (const [name, visit] of Object.entries(visits)) {
        const heading = await visit(page, CATALOGUES[language]);
        await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
        assert.equal(await page.locator('html').getAttribute('lang'), language, name);
        const text = await page.locator('body').innerText();
        const left = ENGLISH.filter((english) => text.includes(english.text)).map(({ path }) => path);
        assert.deepEqual(left, [], name);
        await assertFits(page, `${name}, ${language}`);
        await assertAccessible(page, `${name}, ${language}, ${colorScheme}`);
      }
    });
  }

  it('has the fields of the form in a row or a column, and no word of their labels torn apart', async () => {
    const page = await journey.open();
    await withoutShortcuts(page);
    await page.goto(`${await openLoginMethods(page)}/code`);
    for (const language of LANGUAGES) {
      const url = journey.stack.issuer;
      await page.context().addCookies([{ name: 'sild_language', value: language, url }]);
      await page.reload();
      for (const width of [600, 360]) {
        await page.setViewportSize({ width, height: 800 });
        const name = `${language}, ${width} px`;
        const [country, code] = await page.locator('#country, #personal_code').evaluateAll((fields) =>
          fields.map((field) => {
            const { top, left, height } = field.getBoundingClientRect();
            return { top, left, height };
          }),
        );
        assert.ok(country && code, name);
        assert.equal(country.height, code.height, name);
        assert.ok(country.top === code.top || country.left === code.left, name);
        const words = await page.locator('label[for]').evaluateAll((labels) =>
          labels.flatMap(({ firstChild }) =>
            [...(firstChild?.textContent ?? '').matchAll(/\S+/g)].map(({ 0: word, index }) => {
              const range = document.createRange();
              range.setStart(firstChild as Node, index);
              range.setEnd(firstChild as Node, index + word.length);
              return { word, lines: range.getClientRects().length };
            }),
          ),
        );
        assert.ok(words.length >= 2);
        for (const { word, lines } of words) assert.equal(lines, 1, `${name}: ${word}`);
      }
    }
  });

  it('changes with the language links on every page of a login, which continues', async () => {
    const page = await journey.open({ locale: 'en' });
    await withoutShortcuts(page);
    await page.goto(`${journey.stack.sampleAppUrl}login`);
    await submitCode(page, ON_PHONE);
    const digits = await page.locator('.digits .unseen').innerText();
    for (const language of LANGUAGES) {
      await page.getByRole('link', { name: ENDONYMS[language], exact: true }).click();
      await page.getByRole('heading', { name: CATALOGUES[language].wait.heading }).waitFor();
      assert.equal(onlyDigits(await page.locator('.digits .unseen').innerText()), onlyDigits(digits));
    }
  });

  it('is the one that the service requests, until the person chooses another one', async () => {
    const page = await journey.open({ locale: 'fr-BE' });
    await withoutShortcuts(page);
    const authorizationRequest = page.waitForRequest(
      (request) => new URL(request.url()).pathname === '/authorize',
    );
    await page.goto(`${journey.stack.sampleAppUrl}login`);
    const url = new URL((await authorizationRequest).url());
    url.searchParams.set('ui_locales', 'pl lt-LT en');
    await page.goto(url.href);
    await page.getByRole('heading', { name: CATALOGUES.lt.methods.heading, exact: true }).waitFor();
    await page.getByRole('link', { name: ENDONYMS.nl, exact: true }).click();
    await page.getByRole('heading', { name: CATALOGUES.nl.methods.heading, exact: true }).waitFor();
  });

  /** Opens each page without text in a certain language. Returns its expected heading. */
  const visits: Readonly<Record<string, (page: Page, t: Messages) => Promise<string>>> = {
    'login methods': async (page, t) => {
      await openLoginMethods(page);
      return t.methods.heading;
    },
    'QR code': async (page, t) => {
      await choose(page, 'qr');
      await page.getByRole('img', { name: t.qr.picture }).waitFor();
      return t.qr.heading;
    },
    'app link': async (page, t) => {
      await page.goto(page.url().replace('show=qr', 'show=web2app'));
      await page.locator('a.open').waitFor();
      return t.web2app.heading;
    },
    'continued in another tab': async (page, t) => {
      const link = await page.locator('a.open').getAttribute('href');
      const callback = await callbackOf(link ?? '', journey.stack);
      const tab = await page.context().newPage();
      await tab.goto(callback.href);
      await greeted(tab, 'MARY ÄNN');
      await tab.close();
      return t.notices.continuesInOtherTab.heading;
    },
    'log out?': async (page, t) => {
      await page.goto(`${journey.stack.issuer}/logout`);
      return t.logout.heading;
    },
    'still logged in': async (page, t) => {
      await page.locator('.secondary[form="op.logoutForm"]').click();
      return t.notices.stillLoggedIn.heading;
    },
    'this browser is known': async (page, t) => {
      await page.goto(`${journey.stack.issuer}/browser`);
      return t.browser.known.heading;
    },
    'this browser is forgotten': async (page, t) => {
      await page.locator('form[action="/browser/forget"] button').click();
      return t.browser.forgotten.heading;
    },
    'used callback': async (page, t) => {
      await page.goto(`${journey.stack.issuer}/callback/smart-id?value=none`);
      return t.notices.callbackUsed.heading;
    },
    'callback in another browser': async (page, t) => {
      const login = await openLoginMethods(page);
      await choose(page, 'qr');
      await page.locator('.qr svg').waitFor();
      await page.goto(`${login}/wait?show=web2app`);
      const link = await page.locator('a.open').getAttribute('href');
      // The page of the login would go on by itself.
      await page.goto('about:blank');
      const callback = await callbackOf(link ?? '', journey.stack);
      await page.context().clearCookies();
      await page.goto(callback.href);
      return t.notices.otherBrowser.heading;
    },
    'form with an error': async (page, t) => {
      await submitCode(page, { country: 'BE', personal_code: '123' }, await openLoginMethods(page));
      return t.login.heading;
    },
    'Basic account': async (page, t) => {
      await submitCode(page, { country: 'LT', personal_code: '40504049999' }, await openLoginMethods(page));
      return t.outcomes.account_not_suitable.heading;
    },
    'Smart-ID is unavailable': async (page, t) => {
      await submitCode(page, { country: 'EE', personal_code: '39909095804' }, await openLoginMethods(page));
      return t.outcomes.maintenance.heading;
    },
    'wrong code': async (page, t) => {
      await submitCode(page, { country: 'EE', personal_code: '30403039972' }, await openLoginMethods(page));
      return t.outcomes.wrong_verification_code.heading;
    },
    'verification code': async (page, t) => {
      await submitCode(page, ON_PHONE, await openLoginMethods(page));
      await page.locator('.digits').waitFor();
      return t.wait.heading;
    },
    'unknown login': async (page, t) => {
      await page.goto(`${journey.stack.issuer}/login/there-is-none`);
      return t.notices.expired.heading;
    },
    'unknown page': async (page, t) => {
      await page.goto(`${journey.stack.issuer}/nothing`);
      return t.errors[404].heading;
    },
    'unknown client': async (page, t) => {
      await page.goto(`${journey.stack.issuer}/authorize?client_id=nobody`);
      return t.openIdError.heading;
    },
    'refused logout': async (page, t) => {
      await page.goto(`${journey.stack.issuer}/logout?client_id=nobody`);
      return t.logoutErrors.refused.heading;
    },
    'logged out, unregistered address': async (page, t) => {
      const elsewhere = new URLSearchParams({
        client_id: 'sample-app',
        post_logout_redirect_uri: 'https://elsewhere.example/',
      });
      await page.goto(`${journey.stack.issuer}/logout?${elsewhere.toString()}`);
      await page.getByText(t.unregisteredAddress.advice('Sample app')).waitFor();
      return t.notices.loggedOut.heading;
    },
    'logged out': async (page, t) => {
      await page.goto(`${journey.stack.issuer}/logout`);
      return t.notices.loggedOut.heading;
    },
  };

  /** Returns the URL of the login. */
  async function openLoginMethods(page: Page): Promise<string> {
    await page.goto(`${journey.stack.sampleAppUrl}login`);
    // A person who used the code before gets its form at once.
    const login = page.url().replace(/\/code$/, '');
    await page.goto(`${login}?choose`);
    return login;
  }

  async function submitCode(page: Page, fields: typeof ON_PHONE, login = page.url()): Promise<void> {
    await page.goto(`${login}/code`);
    await page.locator('#country').selectOption(fields.country);
    await page.locator('#personal_code').fill(fields.personal_code);
    await page.locator('form.fields button').click();
  }
});

async function choose(page: Page, flow: 'qr' | 'web2app'): Promise<void> {
  await page.locator(`form:has(input[value="${flow}"]) button`).click();
}

function onlyDigits(text: string): string {
  return text.replace(/\D/g, '');
}
