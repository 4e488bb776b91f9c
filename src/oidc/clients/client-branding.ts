/**
 * How a client looks to people: its name and what the Smart-ID app says, by language; its logo; its accent colour.
 *
 * `client_name` and `display_text` may each be given again for a language, with its tag after a `#`: `client_name#et`.
 * (OpenID Connect Registration 2.1) They are metadata of ours besides `logo` and `accent_color`.
 */
import type { Client } from 'oidc-provider';
import { z } from 'zod';
import { type Language, LANGUAGES } from '../../config/languages.ts';
import { type ClientLogo, logoMetadata, readLogo } from './client-logo.ts';

export interface ClientBranding {
  /** Its name in the languages that it has one for; `client.name` in the others. */
  readonly names: TextByLanguage;
  /** What the app shows instead of "Log in to …". */
  readonly displayText: TextByLanguage & { readonly default?: string };
  readonly logo: ClientLogo | undefined;
  /** `#rrggbb` */
  readonly accentColor: string | undefined;
}

export type TextByLanguage = Readonly<Partial<Record<Language, string>>>;

/** All that Smart-ID's longest screen shows, in code points. (RP API 3.2, Interactions) */
const DISPLAY_TEXT = 200;

export const clientName = z.string().trim().min(1).max(100);
const displayText = z
  .string()
  .trim()
  .min(1)
  .refine((text) => Array.from(text).length <= DISPLAY_TEXT, `must be at most ${DISPLAY_TEXT} characters`);

/** The metadata of a client's looks. */
export const brandingMetadata = {
  ...byLanguage('client_name', clientName),
  display_text: displayText.optional(),
  ...byLanguage('display_text', displayText),
  logo: logoMetadata.optional(),
  accent_color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must be a colour like #0a6e5c')
    .optional(),
};

/** How a client looks; it was valid when it was registered. */
export function brandingOf(client: Client): ClientBranding {
  const { display_text: untagged, accent_color: accentColor } = client;
  return {
    names: textsOf(client, 'client_name'),
    displayText: {
      ...textsOf(client, 'display_text'),
      ...(typeof untagged === 'string' ? { default: untagged } : {}),
    },
    logo: readLogo(client.logo),
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
