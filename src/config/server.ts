import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { looksRandom } from '../looks-random.ts';
import { type Language, LANGUAGES } from './languages.ts';
import { type MutualTlsConfig, mutualTlsConfig, mutualTlsSection } from './mutual-tls.ts';
import {
  count,
  headerName,
  origin,
  port,
  portOrOff,
  type SectionValues,
  trueOrFalse,
  variable,
} from './variable.ts';

const TOKEN_PROBLEM = 'must have at least 32 characters, made at random: openssl rand -base64 48';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

const MOST_WORKERS = 64;

/** Listening addresses, public address, language and logging. */
export const serverSection = {
  ISSUER: variable(origin('https', 'http').optional(), {
    description:
      'The public address of Sild: the issuer of its tokens and the base of all its URLs. https, except on localhost.',
    defaultText: 'http://localhost with PORT',
    example: 'https://login.example.ee',
  }),
  PORT: variable(port(3000), { description: 'The port that Sild listens on.' }),
  HOST: variable(listeningHost().optional(), {
    description: 'The address or host name that Sild listens on, without a port.',
    defaultText: 'every address; only this machine (localhost) with the simulator',
  }),
  WORKERS: variable(workers(), {
    description:
      'How many processes of this instance serve PORT together, 1 to 64; auto: one for each core. More than 1 needs DATABASE_URL, and Smart-ID itself in place of the simulator.',
    defaultText: '1',
    example: 'auto',
  }),
  METRICS_PORT: variable(portOrOff(9464), {
    description:
      'The port of the metrics for Prometheus, at /metrics, on the addresses of HOST; or off. Anybody who reaches it can read it.',
  }),
  OPS_PORT: variable(portOrOff('off'), {
    description:
      'The port of the operator’s page, which shows logins, failures, instances and what expires; or off. Needs OPS_TOKEN: docs/operations.md.',
  }),
  OPS_HOST: variable(listeningHost().default('127.0.0.1'), {
    description: 'The address or host name that the operator’s page listens on.',
  }),
  OPS_URL: variable(origin('https', 'http').optional(), {
    description:
      'The address of the operator’s page behind a proxy, which ends TLS. Requests for other hosts are refused.',
    defaultText: 'http://localhost, or http://OPS_HOST, with OPS_PORT',
    example: 'https://sild-ops.internal',
  }),
  OPS_TOKEN: variable(z.string().min(32, TOKEN_PROBLEM).refine(looksRandom, TOKEN_PROBLEM).optional(), {
    description:
      'At least 32 random characters: what opens the operator’s page. The same on every instance that has one.',
    secret: true,
  }),
  TRUST_PROXY: variable(count(0), {
    description:
      'true behind a reverse proxy that appends the address of the browser to X-Forwarded-For; the number of proxies behind several. With false the header is ignored.',
    defaultText: 'false',
    example: 'true',
  }),
  COUNTRY_HEADER: variable(headerName(/^[A-Za-z][A-Za-z0-9-]*$/, 'must be the name of a header').optional(), {
    description:
      'The header in which the reverse proxy says from which country a request comes, in two letters; it must replace what the browser sends. The Smart-ID app then names the country of an unknown browser. Needs TRUST_PROXY.',
    defaultText: 'none',
    example: 'CF-IPCountry',
  }),
  OFFER_TO_REMEMBER_CODE: variable(trueOrFalse(), {
    description:
      'true: the form for a personal code has a box, not ticked at first, with which people let their own browser remember their code. Not for places where strangers share computers.',
    defaultText: 'false',
  }),
  HISTORY: variable(
    z
      .enum(['on', 'off'], { error: 'must be on or off' })
      .default('on')
      .transform((value) => value === 'on'),
    {
      description:
        'on: at /me people log in to see the logins in their name, and the browsers that know them. off: there is no such page.',
      defaultText: 'on',
    },
  ),
  TLS_CERT_FILE: variable(z.string().min(1).optional(), {
    description:
      'PEM file with the certificate chain, to serve https directly; the simulator then serves https too, besides http. Needs TLS_KEY_FILE.',
  }),
  TLS_KEY_FILE: variable(z.string().min(1).optional(), {
    description: 'PEM file with the private key of TLS_CERT_FILE.',
  }),
  ...mutualTlsSection,
  DEFAULT_LANGUAGE: variable(
    z.enum(LANGUAGES, { error: `must be one of ${LANGUAGES.join(', ')}` }).default('en'),
    {
      description: `The language of a page when neither the client, nor the person, nor their browser asks for a supported one: ${LANGUAGES.join(', ')}.`,
    },
  ),
  CLIENTS_FILE: variable(z.string().min(1).optional(), {
    description:
      'A YAML or JSON file that describes clients, or a directory of such files; applied at start and on SIGHUP: docs/clients.md.',
    defaultText: 'none: clients are registered by command',
  }),
  CLIENT_FETCH_ALLOWED_HOSTS: variable(fetchHosts().default([]), {
    description:
      'Host names or IP addresses inside your network that Sild may ask for clients (jwks_uri, sector_identifier_uri, the notification endpoint of CIBA); all others must have addresses of the internet. Separated by commas, without ports. NODE_EXTRA_CA_CERTS names their own CA.',
    defaultText: 'none',
    list: true,
    example: 'keycloak.internal,10.0.3.7',
  }),
  VIEWS_DIR: variable(z.string().min(1).optional(), {
    description: 'A directory of your own page templates, which replace those of Sild: docs/branding.md.',
    defaultText: 'none',
  }),
  LOG_LEVEL: variable(
    z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
    {
      description: 'The least severe log lines to write: fatal, error, warn, info, debug or silent.',
    },
  ),
};

/** An IPv6 address may be in the brackets that it has in a URL. */
function listeningHost(): z.ZodType<string> {
  return z
    .string()
    .transform((text) => text.replace(/^\[(.*)\]$/, '$1'))
    .refine(
      // The system takes what ends in a number for an address: 0 for every one.
      (host) =>
        isIP(host) !== 0 ||
        (/^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/i.test(host) && !/(?:^|\.)(?:\d+|0x[\da-f]*)$/i.test(host)),
      'must be an address or a host name, like 127.0.0.1, ::1 or localhost, without a port',
    );
}

function workers(): z.ZodType<number | 'auto'> {
  const message = 'must be a number, 1 to 64, or auto';
  return z
    .string()
    .regex(/^(?:[1-9]\d?|auto)$/, message)
    .transform((value) => (value === 'auto' ? value : Number(value)))
    .refine((value) => value === 'auto' || value <= MOST_WORKERS, message)
    .default(1);
}

/** Without ports and wildcards: each host is named. An IPv6 address may be in brackets. */
function fetchHosts(): z.ZodType<readonly string[]> {
  return z.array(
    listeningHost().transform((host) => host.toLowerCase()),
    {
      error: 'must be host names or addresses',
    },
  );
}

/** The operator's page. */
export interface OpsConfig {
  readonly port: number;
  readonly host: string;
  /** Its origin behind a proxy. */
  readonly origin: string | undefined;
  readonly token: string;
}

export interface ServerConfig {
  readonly issuer: string;
  readonly port: number;
  /** Undefined: every address. */
  readonly host: string | undefined;
  /** Processes that serve the ports together. */
  readonly workers: number;
  /** Undefined: no metrics are served. */
  readonly metricsPort: number | undefined;
  /** Undefined: there is no operator's page. */
  readonly ops: OpsConfig | undefined;
  /** Number of reverse proxies in front of Sild; 0 when it is reached directly. */
  readonly trustProxy: number;
  /** In lower case. */
  readonly countryHeader: string | undefined;
  /** Whether people may let their browser remember their personal code. */
  readonly offersToRememberCode: boolean;
  /** Whether people see the logins in their own name, at /me. */
  readonly hasHistory: boolean;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Clients with TLS certificates; undefined: there are none. */
  readonly mtls: MutualTlsConfig | undefined;
  /** Used when neither client, person nor browser asks for a supported language. */
  readonly defaultLanguage: Language;
  /** The file or directory that describes clients. */
  readonly clientsFile: string | undefined;
  /** Hosts from which the keys of clients may be fetched although they are not of the internet; in lower case. */
  readonly clientFetchHosts: readonly string[];
  /** The operator's own page templates. */
  readonly viewsDir: string | undefined;
  readonly logLevel: string;
}

export function serverConfig(
  server: SectionValues<typeof serverSection>,
  { simulated, embedded }: { simulated: boolean; embedded: boolean },
): ServerConfig {
  const { PORT: port, TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = server;
  const issuer = server.ISSUER ?? `${certFile === undefined ? 'http' : 'https'}://localhost:${port}`;
  return {
    issuer,
    mtls: mutualTlsConfig(server, issuer),
    port,
    host: server.HOST ?? (simulated ? 'localhost' : undefined),
    workers: workersOf(server.WORKERS, simulated || embedded),
    metricsPort: server.METRICS_PORT === 'off' ? undefined : server.METRICS_PORT,
    ops: opsConfig(server),
    trustProxy: server.TRUST_PROXY,
    countryHeader: server.COUNTRY_HEADER,
    offersToRememberCode: server.OFFER_TO_REMEMBER_CODE,
    hasHistory: server.HISTORY,
    tls: certFile !== undefined && keyFile !== undefined ? { certFile, keyFile } : undefined,
    defaultLanguage: server.DEFAULT_LANGUAGE,
    clientsFile: server.CLIENTS_FILE,
    clientFetchHosts: server.CLIENT_FETCH_ALLOWED_HOSTS,
    viewsDir: server.VIEWS_DIR,
    logLevel: server.LOG_LEVEL,
  };
}

function opsConfig(server: SectionValues<typeof serverSection>): OpsConfig | undefined {
  const { OPS_PORT: ownPort, OPS_HOST: host, OPS_URL: origin, OPS_TOKEN: token } = server;
  return ownPort === 'off' || token === undefined ? undefined : { port: ownPort, host, origin, token };
}

/** @param alone whether something of the instance can be in one process only */
function workersOf(asked: number | 'auto', alone: boolean): number {
  if (asked !== 'auto') return asked;
  return alone ? 1 : Math.min(availableParallelism(), MOST_WORKERS);
}
