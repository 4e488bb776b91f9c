import { LANGUAGES } from '../config/languages.ts';
import { fetchHeaders } from '../http/bounded-fetch.ts';
import { createDispatcher, type DispatcherOptions } from '../http/dispatcher.ts';
import { HttpError } from '../http/errors.ts';
import { HELP_PAGES } from '../web/messages/help-pages.ts';
import { CATALOGUES } from '../web/messages/languages.ts';
import type { Finding } from './finding.ts';

const TIMEOUT_MS = 10_000;
/** Some web servers refuse a request that does not say what sent it. */
const HEADERS = { accept: 'text/html', 'user-agent': 'Sild' };

/** The addresses of Smart-ID's help that the pages link to, in all languages. */
export function helpAddresses(): readonly string[] {
  const addresses = LANGUAGES.flatMap((language) => [
    CATALOGUES[language].smartIdHelpUrl,
    ...Object.values(HELP_PAGES[language]),
  ]);
  return [...new Set(addresses)];
}

/**
 * Opens each address once. A page that is missing is a warning: logins do not depend on it.
 *
 * @param options.ca CA certificates to trust, PEM, instead of Node's store
 */
export async function checkLinks(
  addresses: readonly string[],
  options: Pick<DispatcherOptions, 'ca' | 'proxies'> = {},
): Promise<readonly Finding[]> {
  const dispatcher = createDispatcher(options);
  try {
    const findings: Finding[] = [];
    // One after the other: they are on one or two hosts.
    for (const address of addresses) findings.push(await check(address));
    return findings;
  } finally {
    await dispatcher.destroy();
  }

  async function check(address: string): Promise<Finding> {
    try {
      const { status, headers } = await fetchHeaders(
        { url: address, headers: HEADERS },
        { dispatcher, timeoutMs: TIMEOUT_MS },
      );
      return findingOf(address, status, headers.location);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      return {
        level: 'warning',
        subject: 'link',
        text: `${address} does not answer (${error.reason ?? error.code})`,
      };
    }
  }
}

function findingOf(address: string, status: number, location: string | string[] | undefined): Finding {
  if (status === 200) return { level: 'ok', subject: 'link', text: address };
  const target = typeof location === 'string' ? URL.parse(location, address) : null;
  // A slash at the end, or another form of the host: the same page.
  if (target && pageOf(target) === pageOf(new URL(address)))
    return { level: 'ok', subject: 'link', text: address };
  return {
    level: 'warning',
    subject: 'link',
    text: target ? `${address} leads to ${target.href}` : `${address} answers ${status}`,
  };
}

function pageOf({ hostname, pathname }: URL): string {
  return hostname.replace(/^www\./, '') + pathname.replace(/\/$/, '');
}
