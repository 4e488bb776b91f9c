import assert from 'node:assert/strict';
import type { Page } from 'playwright';
import { drawn } from './steps.ts';

/** Fails if a page needs horizontal scrolling, or tears a sentence apart. (WCAG 2.2, 1.4.10 Reflow) */
export async function assertFits(page: Page, name: string): Promise<void> {
  await drawn(page);
  const { scrolls, inner, overflowing, torn } = await page.evaluate(() => ({
    scrolls: document.documentElement.scrollWidth,
    inner: document.documentElement.clientWidth,
    overflowing: [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .map((element) => element.outerHTML.slice(0, 120)),
    // Directly in a flex box or a grid, the name and the text around it are laid out as items of their own.
    torn: [...document.querySelectorAll('.smart-id')]
      .filter(
        ({ parentElement }) => parentElement && /flex|grid/.test(getComputedStyle(parentElement).display),
      )
      .map(({ parentElement }) => parentElement?.outerHTML.slice(0, 120)),
  }));
  assert.deepEqual(torn, [], `${name} tears sentences apart`);
  assert.ok(
    scrolls <= inner,
    `${name} scrolls horizontally: ${scrolls} > ${inner}\n${overflowing.join('\n')}`,
  );
}
