import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadConfig } from '../../src/config/config.ts';
import { checkNamedFiles } from '../../src/doctor/named-files.ts';
import { createLogger } from '../../src/log/logger.ts';
import { createTestPki, days } from '../support/certificates/certificates.ts';
import { createClientCa } from '../support/certificates/client-certificates.ts';
import { issueServerCertificate, pemOf } from '../support/servers/tls-server.ts';

const now = new Date();
const pki = createTestPki({ now });
const log = createLogger({ level: 'silent' });
const CLIENT = { client_id: 'a', client_secret: '${SECRET}', redirect_uris: ['https://a.example/callback'] };

let directory: string;
let named: Readonly<Record<string, string>>;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sild-files-'));
  const at = (name: string) => join(directory, name);
  named = {
    TLS_CERT_FILE: at('cert.pem'),
    TLS_KEY_FILE: at('key.pem'),
    MTLS_PORT: '3443',
    MTLS_CA_FILE: at('ca.pem'),
    CLIENTS_FILE: at('clients.json'),
    VIEWS_DIR: at('views'),
    SECRET: 'a secret of the environment',
  };
  await mkdir(at('views'));
  await writeFile(at('ca.pem'), createClientCa().certificate.toString());
  await writeFile(at('clients.json'), JSON.stringify({ clients: [CLIENT] }));
  await serveUntil(90);
});
after(() => rm(directory, { recursive: true }));

async function serveUntil(day: number): Promise<void> {
  const { certificate, keys } = issueServerCertificate(pki, { notAfter: days(now, day) });
  await writeFile(join(directory, 'cert.pem'), pemOf(certificate));
  await writeFile(join(directory, 'key.pem'), keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

function found(changes: Readonly<Record<string, string>> = {}): string[] {
  const environment = { ...named, ...changes };
  const context = { environment, log, now: () => now.getTime() };
  return checkNamedFiles(loadConfig(environment), context).map(
    ({ level, text, details = [] }) => `${level}: ${[text, ...details].join(' ')}`,
  );
}

describe('the files that the configuration names', () => {
  it('are read as the next start reads them', () => {
    const until = days(now, 90).toISOString().slice(0, 10);
    assert.deepEqual(found(), [
      `ok: TLS_CERT_FILE is valid until ${until}`,
      'ok: MTLS_CA_FILE has CA certificates',
      'ok: CLIENTS_FILE has 1 client',
      'ok: the templates in VIEWS_DIR can be used',
    ]);
    assert.deepEqual(checkNamedFiles(loadConfig({}), { environment: {}, log, now: Date.now }), []);
  });

  it('are problems where the next start would be refused', async () => {
    const empty = join(directory, 'empty');
    await writeFile(empty, '');
    const changes = { TLS_KEY_FILE: empty, MTLS_CA_FILE: empty, CLIENTS_FILE: empty, VIEWS_DIR: empty };
    const problems = found(changes);
    assert.equal(problems.length, 4);
    for (const problem of problems) assert.match(problem, /^problem: /);
    assert.match(
      found({ SECRET: '' }).join('\n'),
      /^problem: CLIENTS_FILE .*:1: the environment has no SECRET$/m,
    );
  });

  it('are a problem with a certificate that has expired, and a warning shortly before', async () => {
    await serveUntil(10);
    assert.match(found()[0] ?? '', /^warning: TLS_CERT_FILE is valid until /);
    await serveUntil(-1);
    assert.match(found()[0] ?? '', /^problem: TLS_CERT_FILE has expired, /);
  });
});
