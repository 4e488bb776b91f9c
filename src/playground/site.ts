import type { Html } from '../sample-app/html.ts';
import { page } from '../sample-app/page.ts';

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
