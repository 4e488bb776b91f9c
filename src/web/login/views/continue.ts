import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';

/**
 * Takes the browser to where the authorization request is resumed, without a login. A page that goes on by itself instead of a
 * redirect, because Chromium applies the form's policy (`form-action 'self'`) to every redirect that follows a form, and
 * redirects after the client's address cannot be listed.
 */
export function drawContinue(
  { ctx, interaction }: LoginPageContext,
  { pages }: LoginPageDependencies,
  href: string,
): void {
  pages.draw(ctx, 200, 'continue', { service: interaction.client, loggedIn: false, href, seconds: 0 });
}
