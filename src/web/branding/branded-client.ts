import type { Language } from '../../config/languages.ts';
import type { LoginInteraction } from '../../oidc/interaction/login-interaction.ts';
import type { Messages } from '../messages/messages.ts';
import type { Service } from '../pages/page-models.ts';
import { logoFile, themeFile } from './addresses.ts';

type Client = LoginInteraction['client'];

/** A client as the pages in a language show it. */
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
 * What the Smart-ID app shows of a login at a client: the client's own text, or "Log in to …".
 *
 * @param knownBrowser from one that is not known, the text says so, for the person who did not ask for it
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
