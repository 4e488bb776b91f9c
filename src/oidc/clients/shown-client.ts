import type { Client } from 'oidc-provider';
import { shownService } from '../services/client-services.ts';
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

/** @param service the `service` of an authorization request, which the pages name instead of the client */
export function shownClient(client: Client, service?: unknown): ShownClient {
  const branding = brandingOf(client);
  return {
    id: client.clientId,
    name: client.clientName ?? client.clientId,
    uri: client.clientUri,
    branding,
    ...shownService(client, service, branding),
  };
}
