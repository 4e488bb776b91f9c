/**
 * The client metadata of CIBA. `backchannel_token_delivery_mode` is the switch: a client without it cannot ask without a browser.
 * (OpenID Connect CIBA Core 1.0, 4)
 *
 * `grant_types` and `response_types` are not stored: they are derived from the other metadata when a client is read.
 */
import { z } from 'zod';
import { ALGORITHMS } from '../algorithms.ts';

export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';

/** `push` is not offered: it would send tokens to an address of the client. */
export const DELIVERY_MODES = ['poll', 'ping'] as const;

export const cibaMetadata = {
  backchannel_token_delivery_mode: z.enum(DELIVERY_MODES).optional(),
  backchannel_authentication_request_signing_alg: z.enum(ALGORITHMS.requestObjectSigningAlgValues).optional(),
};

type Metadata = Readonly<Record<string, unknown>>;

export function isCibaClient(client: Metadata): boolean {
  return client.backchannel_token_delivery_mode !== undefined;
}

/** The metadata with the grant types that follow from them. A client without redirect URIs can only ask without a browser. */
export function withGrantTypes<T extends Metadata>(client: T): T {
  if (!isCibaClient(client)) return client;
  const { redirect_uris: uris } = client;
  return Array.isArray(uris) && uris.length > 0
    ? { ...client, grant_types: ['authorization_code', CIBA_GRANT] }
    : { ...client, grant_types: [CIBA_GRANT], response_types: [] };
}

/** Refinement of given metadata. */
export function refineCiba(client: Metadata, context: z.core.$RefinementCtx): void {
  const issue = (name: string, message: string) => {
    context.addIssue({ code: 'custom', path: [name], message });
  };
  const mode = client.backchannel_token_delivery_mode;
  const hasUris = Array.isArray(client.redirect_uris) && client.redirect_uris.length > 0;
  if (!hasUris && mode === undefined) issue('redirect_uris', 'must have at least one');
  if (mode !== undefined && client.token_endpoint_auth_method === 'none') {
    issue('backchannel_token_delivery_mode', 'is not for a client without a secret or key (CIBA Core 4)');
  }
  for (const name of OF_CIBA) {
    if (mode === undefined && client[name] !== undefined)
      issue(name, 'needs backchannel_token_delivery_mode');
  }
  const hasEndpoint = client.backchannel_client_notification_endpoint !== undefined;
  if (mode === 'ping' && !hasEndpoint)
    issue('backchannel_client_notification_endpoint', 'is needed with ping');
  if (mode === 'poll' && hasEndpoint)
    issue('backchannel_client_notification_endpoint', 'is for ping, not for poll');
}

/** Has no effect without the switch, and would seem to have one. */
const OF_CIBA = [
  'backchannel_client_notification_endpoint',
  'backchannel_authentication_request_signing_alg',
  'backchannel_push_allowed',
] as const;
