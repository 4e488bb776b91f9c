import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Page } from 'playwright';
import { drawn } from './steps.ts';

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Fails with a list of the violations of WCAG 2.2 A and AA that axe finds on the page. */
export async function assertAccessible(page: Page, name: string): Promise<void> {
  await drawn(page);
  // An evaluated script is not subject to the page's Content-Security-Policy, which stays unchanged.
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(
    (tags) => (globalThis as unknown as { axe: typeof axe }).axe.run({ runOnly: tags }),
    WCAG_22_AA,
  );
  assert.ok(passes.length > 5, `axe checked nothing on ${name}`);
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary ?? ''}`),
  );
  assert.deepEqual(found, [], `${name} has accessibility violations:\n${found.join('\n')}`);
}
