/** No page without a way on, no fault of the server, and no outage where the database was there all the time. */
import assert from 'node:assert/strict';
import { CATALOGUES } from '../../../src/web/messages/languages.ts';
import type { HttpPage } from '../../support/servers/http-browser.ts';
import type { Facts } from '../facts.ts';
import type { ReadPage } from '../system/page.ts';

/** Pages outside of a login, whose text says where to go. The clients of the model have no address, so that only the help leads on. */
const SAYING_WHERE: ReadonlySet<string> = new Set(
  Object.values(CATALOGUES).flatMap(({ notices, errors, openIdError }) => [
    notices.continuesInOtherTab.heading,
    notices.otherBrowser.heading,
    notices.callbackUsed.heading,
    notices.expired.heading,
    notices.noCookies.heading,
    notices.finished.heading,
    errors[404].heading,
    openIdError.heading,
  ]),
);

export function checkPage(read: ReadPage, page: HttpPage, { faulty }: Facts): void {
  const where = `${read.status} ${read.url.pathname.replace(/[\w-]{20,}/, '…')}${read.url.search.slice(0, 40)}`;
  assert.notEqual(read.status, 500, `${where}: a fault of the server: ${read.text}`);
  assert.ok(read.status !== 503 || faulty, `${where}: an outage, and the database is there`);
  if (!(page.headers.get('content-type') ?? '').startsWith('text/html')) return;
  assert.ok(read.heading !== undefined && read.heading !== '', `${where}: no heading`);
  assert.ok(
    read.refresh !== undefined || read.actions.length > 0 || (read.helps && SAYING_WHERE.has(read.heading)),
    `${where}: no way on from “${read.heading}”`,
  );
}
