import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { StartError } from '../../../src/bootstrap/start-error.ts';
import { readTlsFiles } from '../../../src/bootstrap/tls/tls-files.ts';
import { selfSigned } from '../../support/certificates/self-signed.ts';

describe('TLS_CERT_FILE and TLS_KEY_FILE', () => {
  it('that cannot serve are refused with the cause', async (test) => {
    const directory = await mkdtemp(join(tmpdir(), 'sild-tls-'));
    test.after(() => rm(directory, { recursive: true }));
    const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
    const refused = (message: RegExp) => {
      assert.throws(
        () => readTlsFiles({ certFile, keyFile }),
        (error) => error instanceof StartError && message.test(error.message),
      );
    };
    refused(/^TLS_CERT_FILE: .* \(no such file or directory, ENOENT\)\.$/);
    await writeFile(certFile, '');
    refused(/^TLS_CERT_FILE: .* is empty\.$/);
    await writeFile(certFile, selfSigned('localhost').cert);
    refused(/^TLS_KEY_FILE: .* \(no such file or directory, ENOENT\)\.$/);
    await writeFile(keyFile, '\n');
    refused(/^TLS_KEY_FILE: .* is empty\.$/);
    await writeFile(keyFile, selfSigned('localhost').key);
    refused(/\(ERR_OSSL_X509_KEY_VALUES_MISMATCH\)\.$/);
  });
});
