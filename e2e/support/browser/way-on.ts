import type { BrowserContext, Page } from 'playwright';
import { uidOf } from '../../../src/web/addresses.ts';

/** What a person finds on a page of Sild. */
interface Found {
  readonly address: string;
  readonly headings: number;
  readonly service: string;
  readonly ways: number;
}

/** Checks the pages of Sild that a browser reaches. */
export interface WayOnCheck {
  /** What is missing on the pages so far: a heading, the service where the browser knows it, or a way on. */
  missing(): Promise<readonly string[]>;
}

/**
 * Looks at every page of Sild in a browser, once its HTML is complete. A page that is left before that is not looked at.
 *
 * The service must be named if the browser has seen it on another page of the same login and still has Sild's cookies.
 *
 * @param issuer Sild's address
 */
export function checkWaysOn(context: BrowserContext, issuer: string): WayOnCheck {
  const services = new Map<string, string>();
  const checks: Promise<string | undefined>[] = [];
  context.on('page', (page) => {
    page.on('domcontentloaded', () => checks.push(check(page)));
  });

  return {
    async missing() {
      return (await Promise.all(checks)).filter((text) => text !== undefined);
    },
  };

  async function check(page: Page): Promise<string | undefined> {
    // The person has left the page, or closed the tab.
    const found = await look(page).catch(() => undefined);
    if (found === undefined || new URL(found.address).origin !== new URL(issuer).origin) return undefined;
    const uid = uidOf(new URL(found.address).pathname);
    const known = uid === undefined ? undefined : services.get(uid);
    if (uid !== undefined && found.service !== '') services.set(uid, found.service);
    if (found.headings !== 1) return `${found.headings} headings at ${found.address}`;
    if (found.ways === 0) return `no way on at ${found.address}`;
    if (known === undefined || found.service === known) return undefined;
    const cookies = await context.cookies(issuer).catch(() => []);
    return cookies.length > 0 ? `“${found.service}” and not “${known}” at ${found.address}` : undefined;
  }
}

function look(page: Page): Promise<Found | undefined> {
  return page.evaluate(() => {
    const card = document.querySelector('main .card');
    // The next page is loading already, or this is no page: a picture, or JSON.
    if (document.readyState === 'loading' || document.querySelector('main') === null) return undefined;
    // On paper there is nothing to press. A test may print a page before the browser has told that it has read it.
    if (matchMedia('print').matches) return undefined;
    const ways = [...(card?.querySelectorAll('a[href], button') ?? [])];
    return {
      address: location.href,
      headings: card?.querySelectorAll('h1').length ?? 0,
      service: card?.querySelector('.service > :last-child')?.textContent.trim() ?? '',
      // Without scripts a link that works later has no address yet: another way has to be there.
      ways: ways.filter((way) => way.checkVisibility() && way.textContent.trim() !== '').length,
    };
  });
}
