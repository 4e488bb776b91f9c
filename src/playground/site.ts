import type { Context } from 'koa';
import { html, type Html } from '../sample-app/html.ts';
import { page } from '../sample-app/page.ts';
import type { Run } from './runs.ts';

export const PATH = '/playground';

export function playgroundPage(title: string, content: Html): string {
  return page(title, content, {
    name: 'Playground',
    links: [
      { href: '/', text: 'Sample app' },
      { href: PATH, text: 'Playground' },
    ],
    footer: 'For developers, with a simulated Smart-ID: what an application and Sild say to each other.',
    styleSheets: ['/sample-app.css', `${PATH}/playground.css`],
  });
}

/** Goes to the page of a run, which opens in its own browser only. */
export function showRun(ctx: Context, run: Run): void {
  ctx.status = 303;
  ctx.redirect(`${PATH}/runs/${run.id}`);
}

/** A page that says why a request has no effect, and leads to the form. */
export function showNotice(ctx: Context, status: number, title: string, text: string): void {
  ctx.status = status;
  ctx.body = playgroundPage(
    title,
    html`<h1>${title}</h1>
      <p>${text}</p>
      <p><a class="button" href="${PATH}">Build a request</a></p>`,
  );
}
