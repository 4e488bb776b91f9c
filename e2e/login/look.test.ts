import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../src/web/messages/en.ts';
import { CATALOGUES, ENDONYMS } from '../../src/web/messages/languages.ts';
import { assertAccessible } from '../support/browser/axe.ts';
import { callbackOf, openQr } from '../support/browser/device-link.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { PHONE_OWNER, chooseVerificationCode } from '../support/browser/phone.ts';
import { assertFits } from '../support/browser/reflow.ts';
import { assertTargets } from '../support/browser/targets.ts';
import {
  chooseCode,
  drawn,
  greeted,
  OK,
  ON_PHONE,
  openLogin,
  openLoginMethods,
  shownCode,
  submitCode,
  withoutShortcuts,
} from '../support/browser/steps.ts';

const COMPUTER = { width: 1100, height: 700 };
const PHONE = { width: 360, height: 740 };
/** WCAG 2.2, 1.4.10 Reflow. */
const NARROW = { width: 320, height: 640 };
/** What a window of 1100 × 700 pixels has left at 200 %. WCAG 2.2, 1.4.4 Resize Text. */
const TWICE_THE_SIZE = { width: 550, height: 350 };

describe('every page, light and dark, on a phone and a computer', () => {
  const journey = prepareJourney({ SIMULATOR_DELAY_MS: '50' });

  it('is accessible, fits its window, and is readable with text of twice the size', async () => {
    const page = await journey.open();
    for (const [name, visit] of Object.entries(visits)) {
      await visit(page);
      for (const viewport of [COMPUTER, PHONE]) {
        await page.setViewportSize(viewport);
        await assertFits(page, name);
        if (page.url().startsWith(journey.stack.issuer)) await assertTargets(page, name);
        for (const colorScheme of ['light', 'dark'] as const) {
          await changeColours(page, colorScheme);
          await assertAccessible(page, `${name}, ${viewport.width} px, ${colorScheme}`);
        }
      }
      for (const viewport of [NARROW, TWICE_THE_SIZE]) {
        await page.setViewportSize(viewport);
        await assertFits(page, `${name}, ${viewport.width} px`);
      }
    }
  });

  it('has equal distances between the language links', async () => {
    const page = await journey.open();
    await openLoginMethods(page, journey.stack);
    const gaps = await page.locator('.languages a').evaluateAll((links) => {
      const texts = links.map((link) => {
        const range = document.createRange();
        range.selectNodeContents(link);
        return range.getBoundingClientRect();
      });
      return texts.slice(1).map(({ left }, index) => Math.round(left - (texts[index]?.right ?? 0)));
    });
    assert.equal(gaps.length, 7);
    assert.equal(new Set(gaps).size, 1, gaps.join());
  });

  it('has the languages in a menu on a phone, in one row that names the current one', async () => {
    for (const viewport of [PHONE, NARROW]) {
      const page = await journey.open({ viewport });
      await withoutShortcuts(page);
      await page.goto(`${journey.stack.sampleAppUrl}login`);
      const latvian = page.getByRole('link', { name: ENDONYMS.lv, exact: true });
      assert.equal(await latvian.count(), 0);
      const menu = page.locator('.language-menu');
      assert.ok(((await menu.boundingBox())?.height ?? 100) < 50, `${viewport.width} px`);
      const current = menu.locator('summary');
      assert.ok((await current.innerText()).endsWith(ENDONYMS.en));
      await current.click();
      await latvian.waitFor();
      await assertFits(page, 'language menu');
      await assertTargets(page, 'language menu');
      await assertAccessible(page, `language menu, ${viewport.width} px`);
      await latvian.click();
      await page.getByRole('heading', { name: CATALOGUES.lv.methods.heading, exact: true }).waitFor();
      assert.ok((await current.innerText()).endsWith(ENDONYMS.lv));
    }
  });

  it('prints what it says and the number for support, without anything to press', async () => {
    const page = await journey.open({ colorScheme: 'dark' });
    await openLogin(page, journey.stack);
    await drawn(page);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('button:visible, input:visible, select:visible').count(), 0);
    await page.emulateMedia({ media: 'screen' });
    await submitCode(page, { country: 'Estonia', code: '39909094012' });
    const heading = page.getByRole('heading', { name: en.outcomes.client_too_old.heading });
    await heading.waitFor();
    await drawn(page);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.reference code').isVisible(), true);
    assert.equal(await heading.evaluate((element) => getComputedStyle(element).color), 'rgb(0, 0, 0)');
    assert.equal(
      await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor),
      'rgb(255, 255, 255)',
    );
    assert.equal(await page.locator('button:visible, .actions a:visible, footer nav:visible').count(), 0);
  });

  it('shows in the same colours that Smart-ID is simulated, on the pages and on the phone', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await journey.open({ colorScheme });
      const coloursOf = () =>
        page.locator('.banner').evaluate((banner) => {
          const { color, backgroundColor } = getComputedStyle(banner);
          return { color, backgroundColor };
        });
      await openLoginMethods(page, journey.stack);
      const onPage = await coloursOf();
      await page.goto(journey.stack.phoneUrl);
      assert.deepEqual(await coloursOf(), onPage, colorScheme);
    }
  });

  it('has less than 30 kB of HTML, CSS and JavaScript on the login page', async () => {
    const page = await journey.open();
    const sizes: Promise<number>[] = [];
    page.on('requestfinished', (request) => {
      if (new URL(request.url()).origin === journey.stack.issuer && request.redirectedTo() === null)
        sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await openLogin(page, journey.stack);
    await page.waitForLoadState('networkidle');
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    assert.ok(sizes.length >= 3, 'page, style sheet and script were loaded');
    assert.ok(total < 30_000, `${total} bytes`);
  });

  /** The verification code of the last waiting page. */
  let code = '';

  /** Opens each page, starting from the page before it. */
  const visits: Readonly<Record<string, (page: Page) => Promise<void>>> = {
    'sample app, welcome': async (page) => {
      await page.goto(journey.stack.sampleAppUrl);
    },
    'the issuer': async (page) => {
      await page.goto(journey.stack.issuer);
      await page.getByRole('heading', { name: 'OpenID Connect provider for Smart-ID' }).waitFor();
    },
    'login methods': async (page) => {
      await openLoginMethods(page, journey.stack);
    },
    'QR code': async (page) => {
      await openQr(page, journey.stack);
    },
    'app link': async (page) => {
      await page.goto(page.url().replace('show=qr', 'show=web2app'));
      await page.getByRole('link', { name: en.methods.openApp }).waitFor();
    },
    'continued in another tab': async (page) => {
      const link = await page.getByRole('link', { name: en.methods.openApp }).getAttribute('href');
      const tab = await page.context().newPage();
      await tab.goto((await callbackOf(link ?? '', journey.stack)).href);
      await greeted(tab, PHONE_OWNER);
      await tab.getByRole('button', { name: 'Log out' }).click();
      await tab.getByRole('heading', { name: en.logout.heading }).waitFor();
      await tab.close();
      await page.getByRole('heading', { name: en.notices.continuesInOtherTab.heading }).waitFor();
    },
    'this browser is known': async (page) => {
      await page.goto(`${journey.stack.issuer}/browser`);
      await page.getByRole('button', { name: en.browser.forget }).waitFor();
    },
    'this browser is forgotten': async (page) => {
      await page.getByRole('button', { name: en.browser.forget }).click();
      await page.getByRole('heading', { name: en.browser.forgotten.heading }).waitFor();
    },
    'used callback': async (page) => {
      await page.goto(`${journey.stack.issuer}/callback/smart-id?value=none`);
      await page.getByRole('heading', { name: en.notices.callbackUsed.heading }).waitFor();
    },
    'login form': async (page) => {
      await openLogin(page, journey.stack);
    },
    'login form with an error': async (page) => {
      await submitCode(page, { country: 'Belgium', code: '123' });
      await page.getByRole('heading', { name: en.login.errorHeading }).waitFor();
    },
    'Basic account': async (page) => {
      await submitCode(page, { country: 'Lithuania', code: '40504049999' });
      await page.getByRole('heading', { name: en.outcomes.account_not_suitable.heading }).waitFor();
    },
    'technical problem': async (page) => {
      await page.getByRole('link', { name: /^Try again/ }).click();
      await chooseCode(page);
      await submitCode(page, { country: 'Estonia', code: '39909094012' });
      await page.getByRole('heading', { name: en.outcomes.client_too_old.heading }).waitFor();
    },
    'waiting page': async (page) => {
      await page.getByRole('link', { name: /^Try again/ }).click();
      await chooseCode(page);
      await submitCode(page, ON_PHONE);
      code = await shownCode(page);
    },
    'phone with the choice of the code': async (page) => {
      await page.goto(journey.stack.phoneUrl);
      await page.getByRole('group', { name: 'Which code is on the page where you log in?' }).waitFor();
    },
    'phone with a request': async (page) => {
      await chooseVerificationCode(page, code);
      await page.getByLabel('PIN1').waitFor();
    },
    'phone without a request': async (page) => {
      await page.getByLabel('PIN1').fill('1234');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
    },
    'sample app, cancelled': async (page) => {
      await openLogin(page, journey.stack);
      await page.getByRole('button', { name: 'Back to Sample app' }).click();
      await page.getByRole('heading', { name: 'You cancelled the login' }).waitFor();
    },
    'sample app, claims': async (page) => {
      await openLogin(page, journey.stack);
      await submitCode(page, OK);
      await greeted(page, 'OK');
      await page.getByText('About this login', { exact: true }).click();
    },
    'log out?': async (page) => {
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByRole('heading', { name: en.logout.heading }).waitFor();
    },
    'still logged in': async (page) => {
      await page.getByRole('button', { name: en.logout.stay }).click();
      await page.getByRole('heading', { name: en.notices.stillLoggedIn.heading }).waitFor();
    },
    'unknown login': async (page) => {
      await page.goto(`${journey.stack.issuer}/login/there-is-none`);
    },
    'unknown page': async (page) => {
      await page.goto(`${journey.stack.issuer}/nothing`);
    },
    'unknown client': async (page) => {
      await page.goto(`${journey.stack.issuer}/authorize?client_id=nobody`);
    },
    'logged out': async (page) => {
      await page.goto(`${journey.stack.issuer}/logout`);
    },
    'sample app, unknown page': async (page) => {
      await page.goto(`${journey.stack.sampleAppUrl}nothing`);
    },
  };
});

/** Colours change by transitions, and are those of the scheme at their end. */
async function changeColours(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(async () => {
    const transitions = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.all(transitions.map(({ finished }) => finished));
  });
}
