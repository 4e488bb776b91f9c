import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { assertAccessible } from '../support/browser/axe.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { assertFits } from '../support/browser/reflow.ts';
import { freePorts } from '../../test/support/servers/free-ports.ts';
import { authorizationRequest, browserOf, discover } from '../support/http/client.ts';
import { logInOverHttp } from '../support/http/http-login.ts';
import { sild } from '../support/sild-command.ts';

const TOKEN = 'kZ3v8Qm1Xw7Lr5Tn9Bd2Hs6Yc4Jf0PgA';
/** Personal codes of the simulator by what comes of them. */
const PEOPLE = {
  finished: ['40504040001', '40504040001', '40504040001', '39901012239'],
  user_refused: ['30403039917', '30403039917'],
  service_failed: ['39909095009'],
  account_unusable: ['39909096017'],
};

const [port = 0] = await freePorts(1);

describe('the operator’s page', () => {
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

  it('shows what the audit has, of logins with several outcomes', async () => {
    const { stack } = journey;
    const origin = `http://localhost:${port}`;
    const configuration = await discover(stack);
    for (const personal_code of Object.values(PEOPLE).flat()) {
      const { url } = await authorizationRequest(configuration, stack);
      await logInOverHttp(browserOf(stack), url, { country: 'EE', personal_code });
    }
    const events = await auditEvents();
    const count = (name: string, code?: string) =>
      events.filter(({ event, data }) => event === name && (code === undefined || data.code === code)).length;
    assert.equal(count('login_finished'), PEOPLE.finished.length);
    assert.ok(
      new Set(events.filter(({ event }) => event === 'login_failed').map(({ data }) => data.code)).size >= 2,
    );

    const page = await journey.open({ viewport: { width: 320, height: 700 } }, [origin]);
    await page.goto(origin);
    await assertAccessible(page, 'the form');
    await page.getByLabel('OPS_TOKEN').fill(`${TOKEN}x`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('OPS_TOKEN').fill(TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();

    const totals = Object.fromEntries(
      await page
        .locator('.totals div')
        .evaluateAll((all) =>
          all.map((one) => [one.querySelector('dt')?.textContent, one.querySelector('dd')?.textContent]),
        ),
    ) as Record<string, string>;
    assert.deepEqual(totals, {
      begun: String(count('login_begun')),
      finished: String(count('login_finished')),
      failed: String(count('login_failed')),
      cancelled: String(count('login_cancelled')),
      'waiting now': totals['waiting now'],
    });
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
