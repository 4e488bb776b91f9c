/** What people and applications do while Sild's database is away. */
import { setTimeout as delay } from 'node:timers/promises';
import { codeForm } from '../../e2e/support/http/http-login.ts';
import { AUTOMATED, type StartedLogin } from './attack-actors.ts';
import type { HttpBrowser, HttpPage } from './servers/http-browser.ts';

const PATIENCE_MS = 60_000;

/**
 * Does what a browser without JavaScript does, without the waits: it follows each page that goes on by itself, and types the
 * code again where it is back at the beginning. @returns the statuses of the pages on the way, and the last page
 */
export async function throughOutages(
  browser: HttpBrowser,
  first: Promise<HttpPage>,
  { firstPage }: Pick<StartedLogin, 'firstPage'>,
): Promise<{ readonly statuses: readonly number[]; readonly last: HttpPage }> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const statuses: number[] = [];
  // The second one for a browser in which a personal code was used before.
  const beginnings = [firstPage.url.href, `${firstPage.url.href}/code`];
  for (let page = await first; ;) {
    patience.throwIfAborted();
    statuses.push(page.status);
    const refresh = /<meta http-equiv="refresh" content="(?<seconds>\d+)(?:; url=(?<url>[^"]+))?">/.exec(
      page.text,
    );
    if (refresh?.groups) {
      await delay(100);
      page = await browser.get(new URL(refresh.groups.url ?? page.url, page.url));
    } else if (beginnings.includes(page.url.href)) page = await browser.post(codeForm(firstPage), AUTOMATED);
    else return { statuses, last: page };
  }
}

/** Sends a request as often as it is answered with 503. */
export async function untilAvailable(request: () => Promise<Response>): Promise<Response> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  for (;;) {
    const answer = await request();
    if (answer.status !== 503) return answer;
    patience.throwIfAborted();
    await answer.body?.cancel();
    await delay(100);
  }
}
