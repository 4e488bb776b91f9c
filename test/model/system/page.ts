/** What a person without JavaScript finds on a page of Sild. */
import type { HttpPage } from '../../support/servers/http-browser.ts';

export type Action =
  | { readonly kind: 'link'; readonly href: URL }
  | { readonly kind: 'form'; readonly action: URL; readonly fields: Readonly<Record<string, string>> };

export interface ReadPage {
  readonly url: URL;
  readonly status: number;
  readonly heading: string | undefined;
  /** Where the page goes by itself, and after how many seconds. */
  readonly refresh: { readonly url: URL; readonly seconds: number } | undefined;
  /** The links and forms of the page itself, without its header and footer. */
  readonly actions: readonly Action[];
  /** Whether the page itself has a link to the help, which opens in a new tab. */
  readonly helps: boolean;
  readonly text: string;
}

export function readPage({ url, status, text }: HttpPage): ReadPage {
  const main = (/<main>([\s\S]*)<\/main>/.exec(text)?.[1] ?? '').replace(
    /<template[\s\S]*?<\/template>/g,
    '',
  );
  const heading = /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(main)?.[1];
  const [, seconds, , target] =
    /<meta http-equiv="refresh" content="(\d+)(; url=([^"]*))?">/.exec(text) ?? [];
  return {
    url,
    status,
    heading: heading === undefined ? undefined : unescaped(heading.replace(/<[^>]*>/g, '').trim()),
    refresh:
      seconds === undefined
        ? undefined
        : { seconds: Number(seconds), url: new URL(unescaped(target ?? ''), url) },
    actions: [...formsOf(main, url), ...linksOf(main, url)],
    helps: /<a [^>]*?\bhref="https:[^"]*"[^>]*target="_blank"/.test(main),
    text,
  };
}

function linksOf(main: string, base: URL): Action[] {
  return [...main.matchAll(/<a [^>]*?\bhref="([^"]*)"[^>]*>/g)]
    .filter(([tag, href = '']) => !tag.includes('target="_blank"') && !href.startsWith('#'))
    .map(([, href = '']) => ({ kind: 'link', href: new URL(unescaped(href), base) }));
}

function formsOf(main: string, base: URL): Action[] {
  return [...main.matchAll(/<form ([^>]*)>([\s\S]*?)<\/form>/g)]
    .filter(([, attributes = '']) => !/\bhidden\b/.test(attributes))
    .map(([, attributes = '', content = '']) => ({
      kind: 'form',
      action: new URL(unescaped(/action="([^"]*)"/.exec(attributes)?.[1] ?? ''), base),
      fields: Object.fromEntries(
        [...content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
          ([, name = '', value = '']) => [name, unescaped(value)],
        ),
      ),
    }));
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
