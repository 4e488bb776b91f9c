import { html, type Html } from './html.ts';

/** What is around the content of a page. */
export interface Site {
  readonly name: string;
  readonly links: readonly { readonly href: string; readonly text: string }[];
  readonly footer: string;
  readonly styleSheets: readonly string[];
}

const SAMPLE_APP: Site = {
  name: 'Sample app',
  links: [{ href: '/', text: 'Sample app' }],
  footer: 'A sample for developers: an app that logs in with OpenID Connect.',
  styleSheets: ['/sample-app.css'],
};

export function page(title: string, content: Html, site: Site = SAMPLE_APP): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title === site.name ? title : `${title} – ${site.name}`}</title>
        <link rel="icon" href="/icon.svg" />
        ${site.styleSheets.map((href) => html`<link rel="stylesheet" href="${href}" />`)}
      </head>
      <body>
        <header>${site.links.map(({ href, text }) => html`<a href="${href}">${text}</a> `)}</header>
        <main>${content}</main>
        <footer>${site.footer}</footer>
      </body>
    </html> `.text;
}
