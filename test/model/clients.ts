/** The relying parties of the model. */
import type { ClientMetadata } from 'oidc-provider';

export interface ModelClient {
  readonly id: 'shop' | 'bank' | 'app';
  readonly redirectUri: string;
  readonly secret: string | undefined;
  readonly pairwise: boolean;
}

export const CLIENTS: readonly [ModelClient, ModelClient, ModelClient] = [
  {
    id: 'shop',
    redirectUri: 'https://shop.example/callback',
    secret: 'the secret of the shop, long enough for everybody',
    pairwise: false,
  },
  {
    id: 'bank',
    redirectUri: 'https://bank.example/callback',
    secret: 'the secret of the bank, long enough for everybody',
    pairwise: true,
  },
  // An app on the phone of the person: the browser leaves no page for it.
  { id: 'app', redirectUri: 'com.example.app:/callback', secret: undefined, pairwise: false },
];

export function clientAt(index: number): ModelClient {
  return CLIENTS[index % CLIENTS.length] ?? CLIENTS[0];
}

export const CLIENT_METADATA: readonly ClientMetadata[] = CLIENTS.map(
  ({ id, redirectUri, secret, pairwise }) => ({
    client_id: id,
    client_name: id,
    redirect_uris: [redirectUri],
    subject_type: pairwise ? 'pairwise' : 'public',
    ...(secret === undefined
      ? { token_endpoint_auth_method: 'none', application_type: 'native' }
      : { client_secret: secret }),
  }),
);
