import { type Attempt, isUnanswered } from '../../../login/attempt.ts';
import { SHORTEST_POLL_MS } from '../../../login/authenticator.ts';
import { refuseAsJson } from '../../middleware/request-limits.ts';
import { browserStateOf, OVER } from '../browser-state.ts';
import type { WebContext } from '../../context.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';

/** One poll, answered as JSON, for browsers and proxies that server-sent events do not get through. */
export async function loginStatus(
  page: LoginPageContext & { readonly attempt: Attempt },
  dependencies: LoginPageDependencies,
): Promise<void> {
  const { login, waiting } = dependencies;
  const { ctx, uid, attempt } = page;
  const seconds = waiting.poll(uid);
  if (seconds > 0) {
    refuseAsJson(ctx, seconds);
    return;
  }
  const next = isUnanswered(attempt)
    ? await login.advance(attempt, SHORTEST_POLL_MS, page.signal())
    : attempt;
  ctx.body = browserStateOf(dependencies, page, next);
}

export function sendOverStatus(ctx: WebContext): void {
  ctx.body = OVER;
}
