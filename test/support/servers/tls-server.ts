/** A real HTTPS server on loopback with a certificate chain for the test. */
import { once } from 'node:events';
import { createServer, type ServerOptions } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { GeneralName, SubjectAlternativeName } from '@peculiar/asn1-x509';
import {
  distinguishedName,
  ecKeyPair,
  extension,
  issueCertificate,
  type KeyPair,
} from '../certificates/certificate-encoding.ts';
import {
  authorityKeyIdentifier,
  days,
  signedBy,
  subjectKeyIdentifier,
  type TestCa,
  type TestPki,
} from '../certificates/certificates.ts';

export interface ServerCertificateOptions {
  /** Default: the PKI's issuing CA. */
  readonly issuer?: TestCa;
  /** Default: `localhost`. */
  readonly host?: string;
  readonly keys?: KeyPair;
  /** Default: 30 days after the PKI's `now`. */
  readonly notAfter?: Date;
}

export interface ServerCertificate {
  /** DER. */
  readonly certificate: Buffer;
  readonly keys: KeyPair;
}

export function issueServerCertificate(
  pki: TestPki,
  options: ServerCertificateOptions = {},
): ServerCertificate {
  const { issuer = pki.issuing, host = 'localhost', keys = ecKeyPair('P-256') } = options;
  const certificate = issueCertificate(
    signedBy(issuer, {
      subject: distinguishedName(['2.5.4.3', host]),
      notBefore: days(pki.now, -30),
      notAfter: options.notAfter ?? days(pki.now, 30),
      publicKey: keys.publicKey,
      extensions: [
        extension('2.5.29.17', new SubjectAlternativeName([new GeneralName({ dNSName: host })])),
        authorityKeyIdentifier(issuer.publicKey),
        subjectKeyIdentifier(keys.publicKey),
      ],
    }),
  );
  return { certificate, keys };
}

export interface TlsServer {
  /** `https://localhost:PORT/`. */
  readonly url: string;
  readonly port: number;
  /** The number of received HTTP requests. */
  readonly requests: () => number;
  /** The number of completed handshakes. */
  readonly connections: () => number;
  /** Ends every connection; the server continues to listen. */
  disconnect(): void;
}

export interface TlsServerOptions extends Pick<ServerOptions, 'minVersion' | 'maxVersion' | 'ciphers'> {
  /** DER, sent in this order after the server's own. */
  readonly chain: readonly Buffer[];
  /** Default: 200 and an empty JSON object. */
  readonly respond?: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Closed at the end of the test. */
export async function tlsServer(
  test: TestContext,
  { certificate, keys }: ServerCertificate,
  { chain, respond = answerEmpty, ...options }: TlsServerOptions,
): Promise<TlsServer> {
  let requests = 0;
  let connections = 0;
  const server = createServer(
    {
      ...options,
      key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      cert: [certificate, ...chain].map(pemOf).join(''),
    },
    (request, response) => {
      requests += 1;
      respond(request, response);
    },
  );
  server.on('secureConnection', () => {
    connections += 1;
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  test.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}/`,
    port,
    requests: () => requests,
    connections: () => connections,
    disconnect: () => {
      server.closeAllConnections();
    },
  };
}

export function pemOf(der: Buffer): string {
  return new X509Certificate(der).toString();
}

function answerEmpty(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
}
