import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { servedCertificate } from '../../src/bootstrap/operator-page.ts';
import { chainExpiry } from '../../src/pki/chain-expiry.ts';
import { createTestPki, days } from '../support/certificates/certificates.ts';
import { issueServerCertificate, pemOf } from '../support/servers/tls-server.ts';

describe('the certificate on the operator’s page', () => {
  it('is the one that is served, also when its file has another one, none, or is gone', async (test) => {
    const directory = await mkdtemp(join(tmpdir(), 'sild-ops-'));
    test.after(() => rm(directory, { recursive: true }));
    const file = join(directory, 'cert.pem');
    const pki = createTestPki();
    const until = (day: number) =>
      pemOf(issueServerCertificate(pki, { notAfter: days(pki.now, day) }).certificate);
    const old = until(3);
    const served = chainExpiry(old);
    const noteWith = async (text: string) => {
      await writeFile(file, text);
      const { at, note } = await servedCertificate(file, served);
      assert.equal(at, served.getTime());
      return note;
    };
    assert.equal(await noteWith(old), '');
    assert.match(await noteWith(until(90)), /^the file has another one/);
    assert.match(await noteWith(''), /^the file has no certificate now/);
    await rm(file);
    const { at, note } = await servedCertificate(file, served);
    assert.equal(at, served.getTime());
    assert.match(note, /^the file cannot be read now/);
  });
});
