import type { Language } from '../../config/languages.ts';
import type { LoginInteraction } from '../../oidc/interaction/login-interaction.ts';
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
    logoDark: branding?.logoDark && logoFile(id, branding.logoDark).address,
    theme: branding?.accentColor === undefined ? undefined : themeFile(id, branding.accentColor).address,
  };
}
