import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Page } from 'playwright';
import { drawn } from './steps.ts';

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Fails with a list of what is wrong where, if axe finds a violation of WCAG 2.2 A or AA on the page. */
export async function assertAccessible(page: Page, name: string): Promise<void> {
  await drawn(page);
  // As an evaluated script axe is no script of the page: its Content-Security-Policy stays as strict as it is.
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(
    (tags) => (globalThis as unknown as { axe: typeof axe }).axe.run({ runOnly: tags }),
    WCAG_22_AA,
  );
  assert.ok(passes.length > 5, `axe looked at nothing of ${name}`);
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary ?? ''}`),
  );
  assert.deepEqual(found, [], `${name} has accessibility violations:\n${found.join('\n')}`);
}
