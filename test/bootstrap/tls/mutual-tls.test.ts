import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { mutualTlsOf } from '../../../src/bootstrap/tls/mutual-tls.ts';
import { StartError } from '../../../src/bootstrap/start-error.ts';
import { createLogger } from '../../../src/log/logger.ts';
import { clientCertificate, createClientCa } from '../../support/certificates/client-certificates.ts';

const ca = createClientCa();
const lines: string[] = [];
const surroundings = {
  log: createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } }),
  now: Date.now,
};
const none = { port: undefined, origin: undefined, caFile: undefined, header: undefined };

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sild-mtls-'));
});
after(() => rm(directory, { recursive: true }));

describe('client certificates', () => {
  it('are not there without the configuration', () => {
    assert.equal(mutualTlsOf({ mtls: undefined }, surroundings), undefined);
  });

  it('of the CAs of MTLS_CA_FILE count, and no others', async () => {
    const caFile = join(directory, 'ca.pem');
    await writeFile(
      caFile,
      `${createClientCa('Another').certificate.toString()}${ca.certificate.toString()}`,
    );
    const { isIssued } = mutualTlsOf({ mtls: { ...none, caFile } }, surroundings) ?? {};
    assert.equal(isIssued?.(clientCertificate(ca).certificate), true);
    assert.equal(isIssued(clientCertificate(createClientCa()).certificate), false);
    // Neither does a CA itself.
    assert.equal(isIssued(ca.certificate), false);
  });

  it('cannot be checked with a file that has no CA: the start is refused', async () => {
    for (const [name, text] of Object.entries({
      'empty.pem': '',
      'client.pem': clientCertificate(ca).cert,
      'text.pem': 'a text',
    })) {
      const caFile = join(directory, name);
      await writeFile(caFile, text);
      assert.throws(() => mutualTlsOf({ mtls: { ...none, caFile } }, surroundings), StartError, name);
    }
    const caFile = join(directory, 'missing.pem');
    assert.throws(() => mutualTlsOf({ mtls: { ...none, caFile } }, surroundings), StartError);
  });

  it('in a header from elsewhere are ignored, and the log says so once', () => {
    const header = { name: 'x-cert', proxies: ['10.0.0.2'] };
    const { presented } = mutualTlsOf({ mtls: { ...none, header } }, surroundings) ?? {};
    const value = encodeURIComponent(clientCertificate(ca).cert);
    const request = { socket: { remoteAddress: '10.0.0.9' }, headersDistinct: { 'x-cert': [value] } };
    for (let count = 0; count < 3; count += 1) {
      assert.equal(presented?.(request as unknown as IncomingMessage), undefined);
    }
    assert.equal(lines.filter((line) => line.includes('client_certificate_ignored')).length, 1);
  });
});
