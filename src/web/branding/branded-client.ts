import type { Language } from '../../config/languages.ts';
import type { LoginInteraction } from '../../oidc/interaction/login-interaction.ts';
import type { Messages } from '../messages/messages.ts';
import type { Service } from '../pages/page-models.ts';
import { logoFile, themeFile } from './addresses.ts';

type Client = LoginInteraction['client'];

/** A client as pages in a language show it: name in that language, logo and theme. */
export function brandedClient(client: Client, language: Language): Client & Service {
  const { id, name, branding } = client;
  return {
    ...client,
    name: branding?.names[language] ?? name,
    logo: branding?.logo && logoFile(id, branding.logo).address,
    theme: branding?.accentColor === undefined ? undefined : themeFile(id, branding.accentColor).address,
  };
}

/**
 * The text that the Smart-ID app shows for a login: the client's own text, or "Log in to …".
 *
 * @param knownBrowser if false, the text says that the browser is unknown, to warn a person who did not begin the login
 */
export function appTextOf(
  { name, branding }: Pick<Client, 'name' | 'branding'>,
  messages: Messages,
  knownBrowser: boolean,
): string {
  const own = branding?.displayText[messages.language] ?? branding?.displayText.default;
  if (own !== undefined) return knownBrowser ? own : messages.ownTextUnknownBrowser(own);
  return knownBrowser ? messages.appText(name) : messages.appTextUnknownBrowser(name);
}
