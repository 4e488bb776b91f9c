/** Devices on which a login may run, for Playwright to emulate. */
import type { BrowserContextOptions } from 'playwright';

const ANDROID = 'Mozilla/5.0 (Linux; Android 15; ';
const CHROME = ') AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 ';

export const COMPUTER = { viewport: { width: 1100, height: 700 } } satisfies BrowserContextOptions;

export const PHONE = {
  viewport: { width: 390, height: 760 },
  isMobile: true,
  hasTouch: true,
  userAgent: `${ANDROID}Pixel 9${CHROME}Mobile Safari/537.36`,
} satisfies BrowserContextOptions;

export const TABLET = {
  viewport: { width: 820, height: 1180 },
  hasTouch: true,
  // Playwright derives `Sec-CH-UA-Mobile` from `isMobile`; tablets send `?0`.
  isMobile: false,
  userAgent: `${ANDROID}Pixel Tablet${CHROME}Safari/537.36`,
} satisfies BrowserContextOptions;
