/** One instance of two processes that serve https, and clients with a certificate of their own at MTLS_PORT. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { exportJWK } from 'jose';
import {
  type ClientCertificate,
  clientCertificate,
} from '../../test/support/certificates/client-certificates.ts';
import { createTestPki } from '../../test/support/certificates/certificates.ts';
import { type SelfSigned, selfSigned } from '../../test/support/certificates/self-signed.ts';
import { freePort } from '../../test/support/servers/free-ports.ts';
import { startTestPostgres, type TestPostgres } from '../../test/support/servers/postgres.ts';
import { freshEnvironment } from '../support/environment.ts';
import { runSild, type SildProcess } from '../support/sild-process.ts';

const REDIRECT_URI = 'https://client.example/callback';

describe('an instance of two workers with TLS', () => {
  const first = selfSigned('localhost');
  const own = clientCertificate(undefined);
  let directory: string;
  let database: TestPostgres;
  let environment: Record<string, string>;
  let sild: SildProcess;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sild-workers-tls-'));
    database = await startTestPostgres();
    const trust = join(directory, 'trust');
    await mkdir(trust);
    const authority = new X509Certificate(createTestPki().issuing.certificate);
    await writeFile(join(trust, 'ca.pem'), authority.toString());
    const { PORT, METRICS_PORT } = await freshEnvironment(directory);
    const client = {
      client_id: 'own',
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks: {
        keys: [
          { ...(await exportJWK(own.certificate.publicKey)), x5c: [own.certificate.raw.toString('base64')] },
        ],
      },
    };
    environment = {
      ISSUER: `https://localhost:${PORT}`,
      PORT,
      METRICS_PORT,
      MTLS_PORT: String(await freePort()),
      HOST: 'localhost',
      WORKERS: '2',
      DATABASE_URL: database.url,
      SECRET_KEY: 'kq3V8xZ1mB7tR5wY9cD2fG6hJ4nL0pSs',
      TLS_CERT_FILE: join(directory, 'cert.pem'),
      TLS_KEY_FILE: join(directory, 'key.pem'),
      CLIENTS_FILE: join(directory, 'clients.json'),
      SMARTID_ENVIRONMENT: 'demo',
      SMARTID_TLS_PINS: 'none',
      TRUST_DIR: trust,
      TRUST_EXTRA_SHA256: authority.fingerprint256,
    };
    await store(first);
    await writeFile(environment.CLIENTS_FILE ?? '', JSON.stringify({ clients: [client] }));
    sild = runSild({ environment, isShortLived: true });
  });
  after(async () => {
    sild.signal('SIGTERM');
    await sild.exited;
    await database.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('authenticates a client by its certificate at MTLS_PORT, and only there', async () => {
    await served(first);
    for (let times = 0; times < 4; times += 1) {
      assert.deepEqual(await redeem('MTLS_PORT', own), [400, 'invalid_grant']);
      assert.deepEqual(await redeem('MTLS_PORT'), [401, 'invalid_client']);
      assert.deepEqual(await redeem('PORT', own), [401, 'invalid_client']);
    }
  });

  it('serves a renewed certificate at both ports after SIGHUP, and tells until when', async () => {
    const renewed = selfSigned('localhost');
    await store(renewed);
    sild.signal('SIGHUP');
    await served(renewed);
    for (let times = 0; times < 4; times += 1) {
      assert.deepEqual(await redeem('MTLS_PORT', own, renewed), [400, 'invalid_grant']);
      assert.deepEqual(await redeem('PORT', own, renewed), [401, 'invalid_client']);
    }
    const metrics = await (await fetch(`http://localhost:${environment.METRICS_PORT}/metrics`)).text();
    const [, seconds] = /^sild_tls_expires_in_seconds\{file="TLS_CERT_FILE"\} (\S+)$/m.exec(metrics) ?? [];
    const day = 86_400;
    assert.ok(Number(seconds) > 0.9 * day && Number(seconds) <= day, seconds);
  });

  async function store({ cert, key }: SelfSigned): Promise<void> {
    await writeFile(environment.TLS_CERT_FILE ?? '', cert);
    await writeFile(environment.TLS_KEY_FILE ?? '', key);
  }

  /** Until all workers serve a certificate: those that are replaced end. */
  async function served(tls: SelfSigned): Promise<void> {
    const event = tls === first ? 'workers_started' : 'workers_replaced';
    const limit = performance.now() + 60_000;
    while (!sild.output().includes(`"event":"${event}"`)) {
      assert.ok(!sild.hasExited() && performance.now() < limit, sild.output());
      await delay(50);
    }
  }

  /** A token request with an unknown code, on a connection of its own. @returns status and error */
  async function redeem(
    port: 'PORT' | 'MTLS_PORT',
    client?: ClientCertificate,
    tls = first,
  ): Promise<[number | undefined, unknown]> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(
        `https://localhost:${environment[port]}/token`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          ca: tls.cert,
          cert: client?.cert,
          key: client?.key,
          agent: false,
        },
        resolve,
      );
      sent.on('error', reject);
      sent.end(
        new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: 'own',
          code: 'nobodys',
          redirect_uri: REDIRECT_URI,
          code_verifier: 'v'.repeat(43),
        }).toString(),
      );
    });
    const { error } = JSON.parse(await text(answer)) as { readonly error?: unknown };
    return [answer.statusCode, error];
  }
});
