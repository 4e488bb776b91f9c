import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright';
import { drawn } from './steps.ts';

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Compiled by Chromium in half the time of the module itself. */
const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails with a list of the violations of WCAG 2.2 A and AA that axe finds on the page. */
export async function assertAccessible(page: Page, name: string): Promise<void> {
  await drawn(page);
  // An evaluated script is not subject to the page's Content-Security-Policy, which stays unchanged.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(SOURCE);
  const { violations, passes } = await page.evaluate(async (tags) => {
    const { run } = (globalThis as unknown as { axe: typeof axe }).axe;
    // Of the rules that pass, only the number is needed: their elements are not collected.
    const results = await run({ runOnly: tags, resultTypes: ['violations'] });
    return { violations: results.violations, passes: results.passes.length };
  }, WCAG_22_AA);
  assert.ok(passes > 5, `axe checked nothing on ${name}`);
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary ?? ''}`),
  );
  assert.deepEqual(found, [], `${name} has accessibility violations:\n${found.join('\n')}`);
}
