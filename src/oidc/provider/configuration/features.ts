/** The features of oidc-provider, as far as they depend on the deployment. */
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { Ciba } from '../../ciba/ciba.ts';
import { requireBackchannelClaims } from '../../ciba/signed-request.ts';
import { shownClient } from '../../clients/shown-client.ts';
import { requireFapiProof, requireFapiRequestObject } from '../../fapi/fapi-requests.ts';
import { askingAbout, hasItsIdToken } from '../../logout/logout-choice.ts';
import { clientOfUnregisteredAddress } from '../../logout/unregistered-address.ts';
import type { HiddenForm, OidcPages } from '../pages.ts';
import { PROTOCOL } from '../protocol.ts';
import type { ProviderOptions } from './provider-options.ts';
import { hiddenFormIn, showSelfSubmitting } from '../self-submitting-forms.ts';

type Features = NonNullable<Configuration['features']>;

export function featuresOf(
  { secrets, pages }: Pick<ProviderOptions, 'secrets' | 'pages'>,
  mTLS: NonNullable<Features['mTLS']>,
  ciba: Ciba | undefined,
): Features {
  return {
    ...PROTOCOL.features,
    mTLS,
    ...(ciba && { ciba: ciba.feature }),
    // A nonce of Sild shows that a proof was not made in advance. (RFC 9449 8)
    dPoP: {
      enabled: true,
      nonceSecret: secrets.dpopNonceKey,
      requireNonce: (ctx) => {
        requireFapiProof(ctx);
        return true;
      },
    },
    requestObjects: {
      enabled: true,
      assertJwtClaimsAndHeader: (ctx, claims, header, client) => {
        requireBackchannelClaims(ctx, claims);
        requireFapiRequestObject(claims, header, client);
      },
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        showLogout(pages, ctx, form);
      },
      postLogoutSuccessSource: async (ctx) => {
        const client = await clientOfUnregisteredAddress(ctx.oidc.provider, ctx);
        pages.loggedOut(ctx, client && shownClient(client));
      },
    },
  };
}

/** Asks the person, unless the client has sent the ID token of the login that is to end. */
function showLogout(pages: OidcPages, ctx: KoaContextWithOIDC, form: string): void {
  const bound = askingAbout(ctx, form);
  if (hasItsIdToken(ctx)) showSelfSubmitting(pages, ctx, withoutQuestion(bound));
  else pages.logout(ctx, bound);
}

/** The form of the question, with its answer. */
function withoutQuestion(form: string): HiddenForm {
  const { action, fields } = hiddenFormIn(form);
  return { action, fields: [...fields, { name: 'logout', value: 'yes' }] };
}
