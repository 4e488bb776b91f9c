import type { Client } from 'oidc-provider';
import { brandingOf, type ClientBranding } from './client-branding.ts';

/** A client as pages show it. */
export interface ShownClient {
  readonly id: string;
  /** The name to show; never empty. */
  readonly name: string;
  /** The home page, if the client registered one. */
  readonly uri: string | undefined;
  readonly branding?: ClientBranding;
}

export function shownClient(client: Client): ShownClient {
  return {
    id: client.clientId,
    name: client.clientName ?? client.clientId,
    uri: client.clientUri,
    branding: brandingOf(client),
  };
}
