import assert from 'node:assert/strict';
import type { Page } from 'playwright';
import { drawn } from './steps.ts';

/** In CSS pixels. Larger than the 24 of WCAG 2.2, 2.5.8 Target Size (Minimum), for fingers. */
const MIN_SIZE = 44;

/** Fails if a control is smaller than the minimum. Links within sentences are exempt, as in WCAG. */
export async function assertTargets(page: Page, name: string): Promise<void> {
  await drawn(page);
  const small = await page.evaluate((minimum) => {
    const inSentence = (element: Element) =>
      element.matches('p.prose a, .summary a') && element.parentElement?.textContent !== element.textContent;
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
      .filter((element) => element.checkVisibility() && !inSentence(element))
      .map((element) => ({ html: element.outerHTML.slice(0, 90), box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.height < minimum - 0.5 || box.width < minimum - 0.5)
      .map(({ html, box }) => `${Math.round(box.width)} × ${Math.round(box.height)}: ${html}`);
  }, MIN_SIZE);
  assert.deepEqual(small, [], `${name} has targets under ${MIN_SIZE} px`);
}
