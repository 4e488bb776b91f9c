import type { UnansweredInteraction } from '../../../oidc/interaction/login-interaction.ts';
import type { WebContext } from '../../context.ts';
import { link } from '../../pages/links.ts';
import type { LoginPageDependencies } from '../page-context.ts';

interface FinishedLogin {
  readonly ctx: WebContext;
  /** With the client's name in the language of the page. */
  readonly interaction: Pick<UnansweredInteraction, 'client' | 'continueAt'>;
}

/**
 * The login is complete, but its authorization request is still open: another tab is on its way to the client, or the
 * redirect was interrupted. Both end well where the link leads, the address at which oidc-provider resumes the request.
 */
export function drawFinished(
  { ctx, interaction }: FinishedLogin,
  { pages }: Pick<LoginPageDependencies, 'pages'>,
): void {
  const { client, continueAt } = interaction;
  const { action, notices } = pages.messagesOf(ctx);
  pages.notice(ctx, 200, {
    ...notices.finished,
    service: client,
    actions: [link(continueAt, action.continueTo(client.name), 'primary')],
  });
}
