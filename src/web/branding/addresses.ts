/**
 * The files of a client's branding, each under an address that changes with its content:
 * `/clients/:id/logo.<hash>.png` (or `.svg`) and `/clients/:id/theme.<hash>.css`.
 */
import { createHash } from 'node:crypto';
import type { ClientBranding } from '../../oidc/clients/client-branding.ts';
import type { ClientLogo, LogoType } from '../../oidc/clients/client-logo.ts';
import { themeOf } from './theme.ts';

export interface BrandFile {
  readonly address: string;
  readonly type: 'image/png' | 'image/svg+xml' | 'text/css';
  readonly content: Buffer;
}

const EXTENSIONS: Readonly<Record<LogoType, string>> = { 'image/png': 'png', 'image/svg+xml': 'svg' };

export function logoFile(clientId: string, logo: ClientLogo): BrandFile {
  return {
    address: addressOf(clientId, 'logo', logo.bytes, EXTENSIONS[logo.type]),
    type: logo.type,
    content: logo.bytes,
  };
}

export function themeFile(clientId: string, accentColor: string): BrandFile {
  const content = Buffer.from(themeOf(accentColor));
  return { address: addressOf(clientId, 'theme', content, 'css'), type: 'text/css', content };
}

export function brandFiles(
  clientId: string,
  { logo, logoDark, serviceLogos = [], accentColor }: ClientBranding,
): readonly BrandFile[] {
  return [
    ...[logo, logoDark, ...serviceLogos]
      .filter((each) => each !== undefined)
      .map((each) => logoFile(clientId, each)),
    ...(accentColor === undefined ? [] : [themeFile(clientId, accentColor)]),
  ];
}

function addressOf(clientId: string, stem: string, content: Buffer, extension: string): string {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 10);
  return `/clients/${encodeURIComponent(clientId)}/${stem}.${hash}.${extension}`;
}
