/**
 * GET /: what this address is, for a developer who opens the issuer in a browser. In English, like the documentation. It
 * says nothing that discovery does not say, except the environment.
 */
import { requireRead, type WebMiddleware } from '../context.ts';
import type { ActionLook } from './page-models.ts';
import { link } from './links.ts';
import type { Pages } from './pages.ts';
import type { LayoutOptions } from './rendering.ts';

const ENVIRONMENTS: Readonly<Record<LayoutOptions['environment'], string>> = {
  simulator: 'Simulator: nobody is who they say. For this machine only.',
  demo: 'Smart-ID’s demo service: test accounts only.',
  live: 'Smart-ID’s live service.',
};

export interface IssuerPageOptions {
  readonly issuer: string;
  readonly environment: LayoutOptions['environment'];
  /** With the simulator only. */
  readonly sampleAppUrl?: string | undefined;
  readonly playgroundUrl?: string | undefined;
  readonly phoneUrl?: string | undefined;
}

export function issuerPage(pages: Pages, options: IssuerPageOptions): WebMiddleware {
  const { issuer, environment, sampleAppUrl, playgroundUrl, phoneUrl } = options;
  const optional = (href: string | undefined, text: string, look: ActionLook) =>
    href === undefined ? [] : [link(href, text, look)];
  const links = [
    ...optional(sampleAppUrl, 'Open the sample app', 'primary'),
    ...optional(playgroundUrl, 'Open the playground', 'secondary'),
    ...optional(phoneUrl, 'Open the virtual phone', 'secondary'),
  ];
  return async (ctx, next) => {
    if (ctx.path !== '/') return next();
    ctx.state.route = 'issuer';
    requireRead(ctx);
    pages.draw(ctx, 200, 'issuer', {
      service: undefined,
      issuer,
      environmentText: ENVIRONMENTS[environment],
      discovery: `${issuer}/.well-known/openid-configuration`,
      links,
    });
  };
}
