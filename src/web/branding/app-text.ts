import type { IncomingHttpHeaders } from 'node:http';
import type { LoginInteraction } from '../../oidc/interaction/login-interaction.ts';
import { countryName } from '../messages/country-name.ts';
import type { Messages } from '../messages/messages.ts';
import { browserNames } from './browser-names.ts';

/** The browser of a login. */
interface Origin {
  readonly knownBrowser: boolean;
  readonly headers: IncomingHttpHeaders;
  /** The header, in lower case, in which a proxy names the country of the browser. */
  readonly countryHeader: string | undefined;
}

interface AppText {
  readonly displayText: string;
  readonly displayDetails?: string;
}

/**
 * The text that the Smart-ID app shows for a login: the client's own text, or "Log in to …".
 *
 * @param knownBrowser if false, the text begins with what to do for a person who did not begin the login, and the details say
 *   which browser it was, and from which country if a proxy says so
 */
export function appTextOf(
  { name, branding }: Pick<LoginInteraction['client'], 'name' | 'branding'>,
  messages: Messages,
  { knownBrowser, headers, countryHeader }: Origin,
): AppText {
  const own = branding?.displayText[messages.language] ?? branding?.displayText.default;
  if (knownBrowser) return { displayText: own ?? messages.appText(name) };
  const country = countryName(countryHeader && headers[countryHeader], messages.language);
  const names = [...browserNames(headers), ...(country === undefined ? [] : [country])];
  return {
    displayText:
      own === undefined ? messages.appTextUnknownBrowser(name) : messages.ownTextUnknownBrowser(own),
    ...(names.length > 0 ? { displayDetails: messages.unknownBrowser(names.join(', ')) } : {}),
  };
}
