/**
 * `mtls_endpoint_aliases` name the endpoints of the issuer a second time. What a client signs for an endpoint may have either address:
 * the audience of its assertion, and the `htu` of a DPoP proof, which is the address that it asks. (RFC 8705 5; RFC 9449 4.2)
 */
import { decodeJwt } from 'jose';
import Provider from 'oidc-provider';
import { overrideMethod } from '../override-method.ts';
import { MTLS_ENDPOINTS } from './mutual-tls.ts';

const PATHS: readonly string[] = Object.values(MTLS_ENDPOINTS);

/** @param origin of the aliases; undefined: there are none */
export function acceptAliases(provider: Provider, origin: string | undefined): void {
  if (origin === undefined) return;
  const { prototype } = provider.OIDCContext;

  overrideMethod(prototype, 'clientJwtAuthExpectedAudience', (_context, expected) => {
    const addresses = [...expected()];
    const both = addresses.filter(isAliased).flatMap((address) => {
      const { pathname } = new URL(address);
      return [`${provider.issuer}${pathname}`, `${origin}${pathname}`];
    });
    return new Set([...addresses, ...both]);
  });

  // With the address of its own endpoint, oidc-provider compares the htu of a proof, whose signature it has verified then.
  overrideMethod(prototype, 'urlFor', (context, urlFor, name, options) => {
    const address = urlFor(name, options);
    if (name !== context.route || !isAliased(address)) return address;
    const alias = `${origin}${new URL(address).pathname}`;
    return isFor(alias, Provider.ctx?.get('DPoP') ?? '') ? alias : address;
  });
}

function isAliased(address: string): boolean {
  return PATHS.includes(new URL(address).pathname);
}

/** Whether the unverified `htu` of a proof is this address, without query and fragment. */
function isFor(address: string, proof: string): boolean {
  try {
    const { htu } = decodeJwt(proof);
    const url = new URL(String(htu));
    return `${url.origin}${url.pathname}` === address;
  } catch {
    return false;
  }
}
