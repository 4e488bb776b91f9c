import type { Language } from '../../config/languages.ts';
import type { LoginInteraction } from '../../oidc/interaction/login-interaction.ts';
import { supportedLanguage } from '../language.ts';
import { CATALOGUES } from '../messages/languages.ts';
import { appTextOf } from './app-text.ts';
import { brandedClient } from './branded-client.ts';

/**
 * What the app shows for a login without a browser: the client's own text, or "Log in to …", in the language of the request's
 * `ui_locales`, or else the default one. It says nothing about a browser.
 */
export function createBackchannelText(
  defaultLanguage: Language,
): (client: LoginInteraction['client'], uiLocales: readonly string[]) => string {
  return (client, uiLocales) => {
    const language = supportedLanguage(uiLocales) ?? defaultLanguage;
    const options = { knownBrowser: true, headers: {}, countryHeader: undefined };
    return appTextOf(brandedClient(client, language), CATALOGUES[language], options).displayText;
  };
}
