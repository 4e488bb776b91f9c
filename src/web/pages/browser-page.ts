/** The page on which a person can make Sild forget this browser: GET /browser ─ POST /browser/forget ─▶ forgotten. */
import { requireRead, seeOther, type WebMiddleware } from '../context.ts';
import { type KnownBrowserDependencies, forgetBrowser, isRememberedBrowser } from '../login/known-browser.ts';
import {
  forgetRememberedCode,
  rememberedCode,
  type RememberedCodeDependencies,
} from '../login/remembered-code.ts';
import type { RememberedLogins } from '../../oidc/openid-provider.ts';
import type { Pages } from './pages.ts';

const PAGE = '/browser';
const FORGET = '/browser/forget';

export function browserPage(
  dependencies: KnownBrowserDependencies &
    RememberedCodeDependencies & { readonly pages: Pages; readonly remembered: RememberedLogins },
): WebMiddleware {
  return async (ctx, next) => {
    if (ctx.path !== PAGE && ctx.path !== FORGET) return next();
    ctx.state.route = 'browser';
    const { pages, remembered } = dependencies;
    const { browser } = pages.messagesOf(ctx);
    if (ctx.path === FORGET) {
      if (ctx.method !== 'POST') {
        seeOther(ctx, PAGE);
        return;
      }
      await forgetBrowser(dependencies, ctx);
      forgetRememberedCode(ctx);
      await remembered.end(ctx);
      pages.notice(ctx, 200, { ...browser.forgotten, onward: 'back' });
      return;
    }
    requireRead(ctx);
    const code = rememberedCode(dependencies, ctx);
    const isKnown = await isRememberedBrowser(dependencies, ctx);
    const keepsLogin = await remembered.hasAny(ctx.req);
    if (isKnown || keepsLogin || code) {
      const [trusted = '', ...advice] = browser.known.paragraphs;
      const paragraphs = [
        ...(isKnown ? [trusted] : []),
        ...(keepsLogin ? [browser.keepsLogin] : []),
        ...(code ? [browser.remembersCode(code.number.slice(-4))] : []),
        ...advice,
      ];
      pages.draw(ctx, 200, 'browser', { service: undefined, paragraphs, action: FORGET });
    } else pages.notice(ctx, 200, { ...browser.unknown, onward: 'back' });
  };
}
