import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { parseCertificates, readTrustDirectory, readTrustFile } from '../../src/pki/trust-directory.ts';
import { createTestPki } from '../support/certificates/certificates.ts';

const pki = createTestPki();
const pem = ({ certificate }: { certificate: Buffer }): string => new X509Certificate(certificate).toString();

let parent: string;
let directory: string;

before(async () => {
  parent = await mkdtemp(join(tmpdir(), 'sild-trust-'));
});
beforeEach(async () => {
  directory = await mkdtemp(join(parent, 'directory-'));
});
after(async () => {
  await rm(parent, { recursive: true });
});

describe('reading a trust directory', () => {
  it('reads PEM and DER from files with any accepted extension, in the order of the names', async () => {
    await writeFile(join(directory, 'b.cer'), pem(pki.root));
    await writeFile(join(directory, 'a.pem'), `${pem(pki.issuing)}${pem(pki.nonQualifiedIssuing)}`);
    await writeFile(join(directory, 'c.crt'), pki.issuing.certificate);
    await writeFile(join(directory, 'd.DER'), pki.root.certificate);
    await writeFile(join(directory, 'README.md'), 'where these came from');
    const files = await readTrustDirectory(directory);
    assert.deepEqual(
      files.map((file) => [
        file.path,
        'error' in file || file.certificates.map(({ der }) => Buffer.from(der)),
      ]),
      [
        [join(directory, 'a.pem'), [pki.issuing.certificate, pki.nonQualifiedIssuing.certificate]],
        [join(directory, 'b.cer'), [pki.root.certificate]],
        [join(directory, 'c.crt'), [pki.issuing.certificate]],
        [join(directory, 'd.DER'), [pki.root.certificate]],
      ],
    );
  });

  it('returns no files for an empty directory', async () => {
    assert.deepEqual(await readTrustDirectory(directory), []);
  });

  it('refuses a missing directory', async () => {
    await assert.rejects(readTrustDirectory(join(directory, 'missing')), { code: 'no_trust_anchors' });
  });

  it('reports the files without a valid certificate, and reads the others', async () => {
    await writeFile(join(directory, 'a.pem'), pem(pki.root));
    await writeFile(join(directory, 'broken.crt'), pki.root.certificate.subarray(1));
    await mkdir(join(directory, 'folder.pem'));
    const files = await readTrustDirectory(directory);
    assert.deepEqual(
      files.map((file) => ('error' in file ? file.error.code : 'read')),
      ['read', 'certificate_malformed', 'certificate_malformed'],
    );
    assert.match(files[1]?.path ?? '', /broken\.crt$/);
  });
});

describe('reading a file of certificates', () => {
  it('depends on its contents, not on its extension', async () => {
    const path = join(directory, 'download');
    await writeFile(path, pki.root.certificate);
    const file = await readTrustFile(path);
    assert.ok('certificates' in file && file.certificates.length === 1);
    const missing = await readTrustFile(join(directory, 'nowhere'));
    assert.ok('error' in missing && missing.error.code === 'certificate_malformed');
  });

  it('refuses a file that is only partly valid', () => {
    assert.throws(() => parseCertificates(Buffer.from(`${pem(pki.root)}-----BEGIN CERTIFICATE-----\nMII`)), {
      code: 'certificate_malformed',
    });
    assert.throws(() => parseCertificates(Buffer.from('<html></html>')), { code: 'certificate_malformed' });
  });
});
