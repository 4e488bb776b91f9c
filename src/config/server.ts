import { isIP } from 'node:net';
import { z } from 'zod';
import { type Language, LANGUAGES } from './languages.ts';
import { count, port, portOrOff, type SectionValues, url, variable } from './variable.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

/** Listening addresses, public address, language and logging. */
export const serverSection = {
  ISSUER: variable(
    url('https', 'http')
      .refine(
        (value) => !value.includes('?') && new URL(value).pathname === '/',
        'must have no path and no query',
      )
      .transform((value) => new URL(value).origin)
      .optional(),
    {
      description:
        'The public address of Sild: the issuer of its tokens and the base of all its URLs. https, except on localhost.',
      defaultText: 'http://localhost with PORT',
      example: 'https://login.example.ee',
    },
  ),
  PORT: variable(port(3000), { description: 'The port that Sild listens on.' }),
  HOST: variable(listeningHost().optional(), {
    description: 'The address or host name that Sild listens on, without a port.',
    defaultText: 'every address; only this machine (localhost) with the simulator',
  }),
  METRICS_PORT: variable(portOrOff(9464), {
    description:
      'The port of the metrics for Prometheus, at /metrics, on the addresses of HOST; or off. Anybody who reaches it can read it.',
  }),
  TRUST_PROXY: variable(count(0), {
    description:
      'true behind a reverse proxy that appends the address of the browser to X-Forwarded-For; the number of proxies behind several. With false the header is ignored.',
    defaultText: 'false',
    example: 'true',
  }),
  TLS_CERT_FILE: variable(z.string().min(1).optional(), {
    description:
      'PEM file with the certificate chain, to serve https directly; the simulator then serves https too, besides http. Needs TLS_KEY_FILE.',
  }),
  TLS_KEY_FILE: variable(z.string().min(1).optional(), {
    description: 'PEM file with the private key of TLS_CERT_FILE.',
  }),
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
      (host) => isIP(host) !== 0 || /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/i.test(host),
      'must be an address or a host name, like 127.0.0.1, ::1 or localhost; the port is PORT',
    );
}

export interface ServerConfig {
  readonly issuer: string;
  readonly port: number;
  /** Undefined: every address. */
  readonly host: string | undefined;
  /** Undefined: no metrics are served. */
  readonly metricsPort: number | undefined;
  /** Number of reverse proxies in front of Sild; 0 when it is reached directly. */
  readonly trustProxy: number;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Used when neither client, person nor browser asks for a supported language. */
  readonly defaultLanguage: Language;
  /** The file or directory that describes clients. */
  readonly clientsFile: string | undefined;
  /** The operator's own page templates. */
  readonly viewsDir: string | undefined;
  readonly logLevel: string;
}

export function serverConfig(
  server: SectionValues<typeof serverSection>,
  { simulated }: { simulated: boolean },
): ServerConfig {
  const { PORT: port, TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = server;
  return {
    issuer: server.ISSUER ?? `${certFile === undefined ? 'http' : 'https'}://localhost:${port}`,
    port,
    host: server.HOST ?? (simulated ? 'localhost' : undefined),
    metricsPort: server.METRICS_PORT === 'off' ? undefined : server.METRICS_PORT,
    trustProxy: server.TRUST_PROXY,
    tls: certFile !== undefined && keyFile !== undefined ? { certFile, keyFile } : undefined,
    defaultLanguage: server.DEFAULT_LANGUAGE,
    clientsFile: server.CLIENTS_FILE,
    viewsDir: server.VIEWS_DIR,
    logLevel: server.LOG_LEVEL,
  };
}
