/** The page on which a person makes Sild forget this browser: GET /browser ─ POST /browser/forget ─▶ forgotten. */
import type { WebMiddleware } from '../context.ts';
import { type BrowserRooms, forgetBrowser, isKnownBrowser } from '../login/known-browser.ts';
import type { Pages } from './pages.ts';

const PAGE = '/browser';
const FORGET = '/browser/forget';

export function browserPage(rooms: BrowserRooms & { readonly pages: Pages }): WebMiddleware {
  return async (ctx, next) => {
    if (ctx.path !== PAGE && ctx.path !== FORGET) return next();
    ctx.state.route = 'browser';
    const pages = rooms.pages.for(ctx);
    const { browser } = pages.messages;
    if (ctx.path === FORGET) {
      if (ctx.method !== 'POST') {
        ctx.status = 303;
        ctx.redirect(PAGE);
        return;
      }
      await forgetBrowser(rooms, ctx);
      pages.notice(ctx, 200, browser.forgotten);
      return;
    }
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.set('Allow', 'HEAD, GET');
      ctx.throw(405);
    }
    if (await isKnownBrowser(rooms, ctx))
      pages.draw(ctx, 200, 'browser', { service: undefined, action: FORGET });
    else pages.notice(ctx, 200, browser.unknown);
  };
}
