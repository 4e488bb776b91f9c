import assert from 'node:assert/strict';
import type { Page } from 'playwright';
import { drawn } from './steps.ts';

/** Fails if a page needs horizontal scrolling. (WCAG 2.2, 1.4.10 Reflow) */
export async function assertFits(page: Page, name: string): Promise<void> {
  await drawn(page);
  const { scrolls, inner, overflowing } = await page.evaluate(() => ({
    scrolls: document.documentElement.scrollWidth,
    inner: document.documentElement.clientWidth,
    overflowing: [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .map((element) => element.outerHTML.slice(0, 120)),
  }));
  assert.ok(
    scrolls <= inner,
    `${name} scrolls horizontally: ${scrolls} > ${inner}\n${overflowing.join('\n')}`,
  );
}
