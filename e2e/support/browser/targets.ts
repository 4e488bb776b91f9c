import assert from 'node:assert/strict';
import type { Page } from 'playwright';
import { drawn } from './steps.ts';

/** In CSS pixels; above the 24 of WCAG 2.2, 2.5.8, as fingers ask for. */
const LEAST = 44;

/** Fails if something to press is smaller than a fingertip. A link within a sentence is as high as its line. */
export async function assertTargets(page: Page, name: string): Promise<void> {
  await drawn(page);
  const small = await page.evaluate((least) => {
    const inSentence = (element: Element) =>
      element.matches('p.prose a, .summary a') && element.parentElement?.textContent !== element.textContent;
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
      .filter((element) => element.checkVisibility() && !inSentence(element))
      .map((element) => ({ html: element.outerHTML.slice(0, 90), box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.height < least - 0.5 || box.width < least - 0.5)
      .map(({ html, box }) => `${Math.round(box.width)} × ${Math.round(box.height)}: ${html}`);
  }, LEAST);
  assert.deepEqual(small, [], `${name} has targets under ${LEAST} px`);
}
