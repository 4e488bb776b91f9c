import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../src/web/messages/en.ts';
import { assertAccessible } from '../support/browser/axe.ts';
import { confirmLink, logInByQr, openAppPage } from '../support/browser/device-link.ts';
import { PHONE } from '../support/browser/devices.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { assertFits } from '../support/browser/reflow.ts';
import { ON_PHONE, openLogin, shownCode, submitCode } from '../support/browser/steps.ts';
import { freePorts } from '../../test/support/servers/free-ports.ts';
import { authorizationRequest, browserOf, discover } from '../support/http/client.ts';
import { logInOverHttp } from '../support/http/http-login.ts';
import { sild } from '../support/sild-command.ts';

const TOKEN = 'kZ3v8Qm1Xw7Lr5Tn9Bd2Hs6Yc4Jf0PgA';
/** Personal codes of the simulator by the outcome of their login. */
const PEOPLE = {
  finished: ['40504040001', '40504040001', '40504040001', '39901012239'],
  user_refused: ['30403039917', '30403039917'],
  user_refused_interaction: ['30403039928', '30403039939', '30403039946', '30403039950'],
  user_refused_certificate_choice: ['39909096072'],
  wrong_verification_code: ['30403039972'],
  timeout: ['30403039983'],
  account_not_found: ['39909094045'],
  account_unusable: ['39909096017'],
  document_unusable: ['39909096028'],
  attention_required: ['39909094720'],
  interaction_not_supported: ['39909096039'],
  protocol_failure: ['39909096040'],
  server_error: ['39909096050'],
  expected_linked_session: ['39909096061'],
  relying_party_not_allowed: ['39909094012'],
  client_too_old: ['39909094807'],
  maintenance: ['39909095804'],
  service_failed: ['39909095009'],
};

describe('the operator’s page', async () => {
  const [port = 0] = await freePorts(1);
  const journey = prepareJourney(
    {
      OPS_PORT: String(port),
      OPS_TOKEN: TOKEN,
      SIMULATOR_DELAY_MS: '50',
      RATE_PERSON: 'off',
      PUSH_WAITS: 'off',
    },
    { alone: true },
  );

  it('shows what the audit has, of logins by every flow and with every outcome of the test accounts', async () => {
    const { stack } = journey;
    const origin = `http://localhost:${port}`;
    const configuration = await discover(stack);
    for (const personal_code of Object.values(PEOPLE).flat()) {
      const { url } = await authorizationRequest(configuration, stack);
      await logInOverHttp(browserOf(stack), url, { country: 'EE', personal_code });
    }
    const [computer, phone] = [await journey.open(), await journey.open(PHONE)];
    await logInByQr(computer, phone, stack);
    await confirmLink(phone, await openAppPage(phone, stack));
    const leaving = await journey.open();
    await openLogin(leaving, stack);
    await submitCode(leaving, ON_PHONE);
    await shownCode(leaving);
    await leaving.getByRole('button', { name: en.wait.cancel }).click();
    await leaving.waitForURL(`${stack.sampleAppUrl}**`);
    const events = await auditEvents();
    const count = (name: string, code?: string) =>
      events.filter(({ event, data }) => event === name && (code === undefined || data.code === code)).length;
    assert.equal(count('login_finished'), PEOPLE.finished.length + 2);
    assert.equal(count('login_cancelled'), 1);
    for (const [code, people] of Object.entries(PEOPLE))
      if (code !== 'finished') assert.equal(count('login_failed', code), people.length, code);

    const page = await journey.open({ viewport: { width: 320, height: 700 } }, [origin]);
    await page.goto(origin);
    await assertAccessible(page, 'the form');
    await page.getByLabel('OPS_TOKEN').fill(`${TOKEN}x`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('OPS_TOKEN').fill(TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();

    const totals = await totalsOf(page);
    assert.deepEqual(totals, {
      begun: String(count('login_begun')),
      finished: String(count('login_finished')),
      failed: String(count('login_failed')),
      cancelled: String(count('login_cancelled')),
      'waiting now': totals['waiting now'],
    });
    const rebuilt = await sild(stack, 'audit', 'rebuild-figures');
    assert.equal(rebuilt.status, 0, rebuilt.errors);
    await page.reload();
    // Who waits is no figure of the audit, and may change meanwhile.
    const again = await totalsOf(page);
    assert.deepEqual({ ...again, 'waiting now': totals['waiting now'] }, totals, 'counted again');

    for (const code of new Set(
      events.flatMap(({ event, data }) => (event === 'login_failed' ? [data.code ?? ''] : [])),
    )) {
      const row = page
        .getByRole('row')
        .filter({ has: page.getByRole('rowheader', { name: code, exact: true }) });
      assert.equal(
        await row.getByRole('cell').first().textContent(),
        String(count('login_failed', code)),
        code,
      );
    }
    const client = page
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: 'sample-app', exact: true }) });
    assert.equal(await client.getByRole('cell').first().textContent(), String(count('login_begun')));
    for (const flow of ['qr', 'web2app', 'notification']) {
      const row = page
        .getByRole('row')
        .filter({ has: page.getByRole('rowheader', { name: flow, exact: true }) });
      const begun = events.filter(({ event, data }) => event === 'login_begun' && data.flow === flow).length;
      assert.equal(await row.getByRole('cell').first().textContent(), String(begun), flow);
    }
    await page.getByText('running, well').waitFor();

    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.getByText('The figures as a table (UTC)').click();
      await assertFits(page, `the overview, ${colorScheme}`);
      await assertAccessible(page, `the overview, ${colorScheme}`);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await assertFits(page, 'the overview on a computer');
    await assertAccessible(page, 'the overview on a computer');
    assert.doesNotMatch(await page.content(), /40504040001|30403039917|PNO|TESTNUMBER/);

    await openStory(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('OPS_TOKEN').waitFor();
  });

  async function totalsOf(page: Page): Promise<Record<string, string>> {
    const entries = await page
      .locator('.totals div')
      .evaluateAll((all) =>
        all.map((one) => [one.querySelector('dt')?.textContent, one.querySelector('dd')?.textContent]),
      );
    return Object.fromEntries(entries) as Record<string, string>;
  }

  async function openStory(page: Page): Promise<void> {
    const link = page.locator('.failures a').first();
    const reference = (await link.textContent()) ?? '';
    await link.click();
    await page.getByRole('heading', { name: reference, exact: true }).waitFor();
    await page.getByText('What it means:').waitFor();
    await assertAccessible(page, 'a story');
    const { output } = await sild(journey.stack, 'audit', 'show', reference);
    const [, , head = ''] = output.split('\n');
    assert.ok((await page.locator('pre').textContent())?.includes(head.trim()));
  }

  /** As `sild audit export` has them: counted here once more. */
  async function auditEvents() {
    const { output, errors, status } = await sild(journey.stack, 'audit', 'export');
    assert.equal(status, 0, errors);
    return output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; data: Record<string, string> });
  }
});
