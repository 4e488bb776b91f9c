import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';

/** The client expects a person whose country it does not accept: there is no way to log in, only back. */
export function drawPersonNotAccepted(page: LoginPageContext, { pages }: LoginPageDependencies): void {
  const { ctx, path, interaction, messages } = page;
  const { notices, action } = messages;
  pages.notice(ctx, 403, {
    ...notices.personNotAccepted,
    service: interaction.client,
    reference: ctx.state.requestId,
    actions: [
      { kind: 'post', href: `${path}/cancel`, text: action.backTo(interaction.client.name), look: 'primary' },
    ],
  });
}
