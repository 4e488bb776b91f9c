import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';
import { linkInstead } from './link-instead.ts';

/** By policy, a stranger who knows a personal code cannot make a phone ring: a login by device link has to come first. */
export function drawPushRefused(page: LoginPageContext, { pages }: LoginPageDependencies): void {
  const { ctx, path, interaction, messages } = page;
  const { notices, action } = messages;
  pages.notice(ctx, 403, {
    ...notices.pushNotAllowed,
    service: interaction.client,
    reference: ctx.state.requestId,
    actions: [
      linkInstead(page),
      { kind: 'post', href: `${path}/cancel`, text: action.backTo(interaction.client.name), look: 'quiet' },
    ],
  });
}
