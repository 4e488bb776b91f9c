/** Why the request of a service could not be accepted, as a page for the person whom the service has sent. */
import type { Pages } from './pages.ts';

type NoticeContext = Parameters<Pages['notice']>[0];

/** What support and the developer of the client get to read. */
interface Details {
  /** What was wrong with the request, or the number in the log. */
  readonly reference: string | undefined;
  /** The section of the documentation. */
  readonly documentation?: string | undefined;
}

/** Why a login cannot begin or continue. */
export function drawLoginError(pages: Pages, ctx: NoticeContext, status: number, details: Details): void {
  pages.notice(ctx, status, { ...pages.messagesOf(ctx).openIdError, ...details });
}

/** Why a logout did not work. @param status 500 and more where this server has failed */
export function drawLogoutError(pages: Pages, ctx: NoticeContext, status: number, details: Details): void {
  const { refused, failed } = pages.messagesOf(ctx).logoutErrors;
  pages.notice(ctx, status, { ...(status >= 500 ? failed : refused), ...details, onward: 'back' });
}
