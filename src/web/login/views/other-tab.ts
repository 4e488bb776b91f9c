import type { Attempt } from '../../../login/attempt.ts';
import { link } from '../../pages/links.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';

/** For the tab in which the login began, once the app has opened another one. It can complete the login if the new tab was lost. */
export function drawOtherTab(
  { ctx, path, interaction, messages }: LoginPageContext,
  { pages }: LoginPageDependencies,
  attempt: Attempt,
): void {
  const { action, notices } = messages;
  const { client, continueAt } = interaction;
  if (attempt.state === 'finished') {
    const actions = [link(continueAt, action.continueTo(client.name), 'plain')];
    pages.notice(ctx, 200, { ...notices.continuesInOtherTab, service: client, actions });
    return;
  }
  pages.draw(ctx, 200, 'other-tab', {
    service: client,
    path,
    actions: [link(`${path}/wait?callback`, action.continueTo(client.name), 'plain')],
  });
}
