import type { Pages } from './pages.ts';

/** Why a logout did not work. @param reference for support: what was wrong with the request, or the number in the log. @param documentation its section, for the client’s developer */
export function drawLogoutError(
  pages: Pages,
  ctx: Parameters<Pages['notice']>[0],
  status: number,
  reference: string | undefined,
  documentation?: string,
): void {
  const { refused, failed } = pages.messagesOf(ctx).logoutErrors;
  pages.notice(ctx, status, {
    ...(status >= 500 ? failed : refused),
    reference,
    documentation,
    onward: 'back',
  });
}
