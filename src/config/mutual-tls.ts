import { isIP } from 'node:net';
import { z } from 'zod';
import { headerName, origin, portOrOff, type SectionValues, variable } from './variable.ts';

/** TLS certificates of clients. */
export const mutualTlsSection = {
  MTLS_PORT: variable(portOrOff('off'), {
    description:
      'The port on which clients with a TLS certificate of their own reach the endpoints for clients, so that browsers are not asked for one at PORT; or off. Needs TLS_CERT_FILE.',
  }),
  MTLS_URL: variable(origin('https').optional(), {
    description: 'The public address of the endpoints for clients with a TLS certificate, for discovery.',
    defaultText: 'the host of ISSUER with MTLS_PORT; with MTLS_CERT_HEADER alone, ISSUER',
    example: 'https://mtls.login.example.ee',
  }),
  MTLS_CA_FILE: variable(z.string().min(1).optional(), {
    description:
      'PEM file with the CA certificates that issue the certificates of clients with tls_client_auth. Their revocation is not checked.',
    defaultText: 'none: clients register their own certificates (self_signed_tls_client_auth)',
  }),
  MTLS_CERT_HEADER: variable(
    headerName(/^[A-Za-z0-9-]+$/, 'must be the name of a header, like X-Client-Cert').optional(),
    {
      description:
        'The header in which the proxy passes on the TLS certificate of a client, in place of MTLS_PORT. The proxy must set it in every request, also to nothing. Needs MTLS_PROXIES.',
      example: 'X-Client-Cert',
    },
  ),
  MTLS_PROXIES: variable(networks().default([]), {
    description:
      'The addresses of the proxies from which MTLS_CERT_HEADER is accepted, or networks like 10.0.0.0/24; from others it is ignored. Separated by commas.',
    defaultText: 'none',
    list: true,
    example: '10.0.0.2',
  }),
};

/** IP addresses, or networks in CIDR notation. */
function networks(): z.ZodType<readonly string[]> {
  return z.array(
    z.string().refine((text) => {
      const [address = '', prefix, ...more] = text.split('/');
      const bits = isIP(address) === 6 ? 128 : 32;
      const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
      return isIP(address) !== 0 && isPrefix && more.length === 0;
    }, 'must be IP addresses, or networks like 10.0.0.0/24'),
  );
}

export interface MutualTlsConfig {
  /** The port that asks for a certificate; undefined: a proxy does. */
  readonly port: number | undefined;
  /** The public origin of the endpoints, where it is not the issuer. */
  readonly origin: string | undefined;
  readonly caFile: string | undefined;
  readonly header: { readonly name: string; readonly proxies: readonly string[] } | undefined;
}

/** @returns undefined where no client can present a certificate */
export function mutualTlsConfig(
  section: SectionValues<typeof mutualTlsSection>,
  issuer: string,
): MutualTlsConfig | undefined {
  const { MTLS_PORT: ownPort, MTLS_URL: url, MTLS_CERT_HEADER: name, MTLS_PROXIES: proxies } = section;
  const port = ownPort === 'off' ? undefined : ownPort;
  if (port === undefined && name === undefined) return undefined;
  return {
    port,
    origin: url ?? (port === undefined ? undefined : `https://${new URL(issuer).hostname}:${port}`),
    caFile: section.MTLS_CA_FILE,
    header: name === undefined ? undefined : { name, proxies },
  };
}
