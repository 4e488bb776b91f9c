import type { ActionLook, LinkAction } from './page-models.ts';

/** A link within Sild, or to the relying party. */
export function link(href: string, text: string, look: ActionLook): LinkAction {
  return { kind: 'link', href, text, look, external: false, waits: false };
}

/** A link to another site, which opens in a new tab. */
export function externalLink(href: string, text: string, look: ActionLook): LinkAction {
  return { kind: 'link', href, text, look, external: true, waits: false };
}
