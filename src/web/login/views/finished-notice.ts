import { link } from '../../pages/links.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';

/**
 * The login is complete, but its authorization request is still open: another tab is on its way to the client, or the
 * redirect was interrupted. Both end well where the link leads, the address at which oidc-provider resumes the request.
 */
export function drawFinished(
  { ctx, interaction, messages }: LoginPageContext,
  { pages }: LoginPageDependencies,
): void {
  const { client, continueAt } = interaction;
  const { action, notices } = messages;
  pages.notice(ctx, 200, {
    ...notices.finished,
    service: client,
    actions: [link(continueAt, action.continueTo(client.name), 'primary')],
  });
}
