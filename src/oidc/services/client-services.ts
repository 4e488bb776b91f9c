/**
 * The services behind a client that is a broker, such as Keycloak: an authorization request says with the parameter `service`
 * which of those registered with the client asks, so that the pages and the app name it instead of the broker.
 */
import { type Client, errors } from 'oidc-provider';
import { z } from 'zod';
import { LANGUAGES } from '../../config/languages.ts';
import { type ClientBranding, clientName, type TextByLanguage } from '../clients/client-branding.ts';
import { webUri } from '../clients/registered-uri.ts';
import { type ClientLogo, logoMetadata, readLogo } from '../clients/client-logo.ts';

const MOST_SERVICES = 100;

const service = z.strictObject({
  id: z.string().regex(/^[\w.:/-]{1,100}$/, 'must have letters, digits and _ . : / - only, at most 100'),
  name: clientName,
  ...Object.fromEntries(LANGUAGES.map((language) => [`name#${language}`, clientName.optional()])),
  uri: webUri.optional(),
  logo: logoMetadata.optional(),
  logo_dark: logoMetadata.optional(),
});

const services = z
  .array(service)
  .min(1)
  .max(MOST_SERVICES)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'must have each id once');

/** Schema of the metadata. */
export const servicesMetadata = { services: services.optional() };

const schema = z.object(servicesMetadata);

type Service = z.output<typeof service>;

/**
 * Refuses a request for a service that is not registered with the client.
 *
 * @param id the parameter; undefined: the client asks for itself
 * @throws {errors.InvalidRequest}
 */
export function requireRegisteredService(client: Client, id: string | undefined): void {
  if (id === undefined || serviceOf(client, id)) return;
  throw new errors.InvalidRequest('service is not one of those registered with the client');
}

interface Shown {
  readonly name: string;
  /** Its home page; absent: the client's. */
  readonly uri?: string;
  readonly loginUri?: undefined;
  readonly branding: ClientBranding;
}

/** The name and branding of the service that asks; undefined: the client asks for itself. */
export function shownService(client: Client, id: unknown, branding: ClientBranding): Shown | undefined {
  const found = typeof id === 'string' ? serviceOf(client, id) : undefined;
  return (
    found && {
      name: found.name,
      // The address at which the client begins a login is the broker's: people want the service.
      ...(found.uri !== undefined && { uri: found.uri, loginUri: undefined }),
      branding: {
        ...branding,
        names: namesOf(found),
        // The client's own text names the client.
        displayText: {},
        ...logosOf(found, branding),
      },
    }
  );
}

/** The logos of all services of a client. */
export function logosOfServices(client: Client): readonly ClientLogo[] {
  return (schema.parse(client).services ?? []).flatMap(({ logo, logo_dark: dark }) =>
    [readLogo(logo), readLogo(dark)].filter((each) => each !== undefined),
  );
}

/** Its own logos, or else those of the client. A service with a logo does not get the client's dark one. */
function logosOf({ logo, logo_dark: dark }: Service, client: ClientBranding) {
  const own = readLogo(logo);
  return own ? { logo: own, logoDark: readLogo(dark) } : { logo: client.logo, logoDark: client.logoDark };
}

function serviceOf(client: Client, id: string): Service | undefined {
  return schema.parse(client).services?.find((each) => each.id === id);
}

function namesOf(found: Readonly<Record<string, unknown>>): TextByLanguage {
  return Object.fromEntries(
    LANGUAGES.map((language) => [language, found[`name#${language}`]]).filter(
      ([, name]) => name !== undefined,
    ),
  ) as TextByLanguage;
}
