/**
 * A client's branding: its name and the text in the Smart-ID app, by language; its logo; its accent colour.
 *
 * `client_name` and `display_text` can be repeated for a language, with its tag after a `#`: `client_name#et`.
 * (OpenID Connect Registration 2.1) `display_text`, `logo`, `logo_dark` and `accent_color` are Sild's own metadata.
 */
import type { Client } from 'oidc-provider';
import { z } from 'zod';
import { type Language, LANGUAGES } from '../../config/languages.ts';
import { type ClientLogo, logoMetadata, readLogo } from './client-logo.ts';

export interface ClientBranding {
  /** The name, by language; for all other languages `client.name` applies. */
  readonly names: TextByLanguage;
  /** The text that the Smart-ID app shows instead of "Log in to …". */
  readonly displayText: TextByLanguage & { readonly default?: string };
  readonly logo: ClientLogo | undefined;
  /** For the dark theme; without it `logo` stands on white there. */
  readonly logoDark?: ClientLogo | undefined;
  /** The logos of the services behind it, for both themes. */
  readonly serviceLogos?: readonly ClientLogo[];
  /** `#rrggbb` */
  readonly accentColor: string | undefined;
}

export type TextByLanguage = Readonly<Partial<Record<Language, string>>>;

/** Length limit of `displayText200`, Smart-ID's longest text, in code points. (RP API 3.2, Interactions) */
const DISPLAY_TEXT = 200;

export const clientName = z.string().trim().min(1).max(100);
const displayText = z
  .string()
  .trim()
  .min(1)
  .refine((text) => Array.from(text).length <= DISPLAY_TEXT, `must be at most ${DISPLAY_TEXT} characters`);

/** Schemas of the branding metadata. */
export const brandingMetadata = {
  ...byLanguage('client_name', clientName),
  display_text: displayText.optional(),
  ...byLanguage('display_text', displayText),
  logo: logoMetadata.optional(),
  logo_dark: logoMetadata.optional(),
  accent_color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must be a colour like #0a6e5c')
    .optional(),
};

/** The branding of a registered client. Its metadata was validated at registration. */
export function brandingOf(client: Client): ClientBranding {
  const { display_text: untagged, accent_color: accentColor } = client;
  return {
    names: textsOf(client, 'client_name'),
    displayText: {
      ...textsOf(client, 'display_text'),
      ...(typeof untagged === 'string' ? { default: untagged } : {}),
    },
    logo: readLogo(client.logo),
    logoDark: readLogo(client.logo_dark),
    accentColor: typeof accentColor === 'string' ? accentColor : undefined,
  };
}

type Tagged<Name extends string> = `${Name}#${Language}`;

function byLanguage<Name extends string, T extends z.ZodType>(
  name: Name,
  schema: T,
): Record<Tagged<Name>, z.ZodOptional<T>> {
  return Object.fromEntries(
    LANGUAGES.map((language) => [`${name}#${language}`, schema.optional()]),
  ) as Record<Tagged<Name>, z.ZodOptional<T>>;
}

function textsOf(client: Client, name: string): TextByLanguage {
  return Object.fromEntries(
    LANGUAGES.map((language) => [language, client[`${name}#${language}`]]).filter(
      ([, text]) => typeof text === 'string',
    ),
  ) as TextByLanguage;
}
