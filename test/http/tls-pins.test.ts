import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { describe, it, type TestContext } from 'node:test';
import { pinOf, presentedChain } from '../../src/http/tls-pins.ts';
import { ecKeyPair, rsaKeyPair } from '../support/certificates/certificate-encoding.ts';
import { createTestPki, issueCa } from '../support/certificates/certificates.ts';
import { issueServerCertificate, type ServerCertificate, tlsServer } from '../support/servers/tls-server.ts';

const pki = createTestPki();

/** The chain that a server is found to stand in, by its certificates' CNs. */
async function chainOf(
  test: TestContext,
  certificate: ServerCertificate,
  sent: readonly Buffer[],
): Promise<string[]> {
  const { port } = await tlsServer(test, certificate, { chain: sent });
  const socket = connect({ host: 'localhost', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const chain = presentedChain(socket);
  socket.destroy();
  return chain.map(({ subject }) => /CN=(.*)/.exec(subject)?.[1] ?? '');
}

describe('a pin', () => {
  it('is the SHA-256 of the key as it stands in the certificate, in Base64', () => {
    for (const keys of [ecKeyPair('P-256'), rsaKeyPair('pinned')]) {
      const { certificate } = issueServerCertificate(pki, { keys });
      const info = keys.publicKey.export({ type: 'spki', format: 'der' });
      assert.ok(certificate.includes(info));
      const pin = createHash('sha256').update(info).digest('base64');
      assert.equal(pinOf(new X509Certificate(certificate)), pin);
    }
  });
});

describe('the chain of a server', () => {
  it('goes from its own certificate up, for any order in which it is sent', async (test) => {
    const certificate = issueServerCertificate(pki);
    const names = ['localhost', 'Sild test EID-Q', 'Sild test ROOT'];
    const { issuing, root, nonQualifiedIssuing } = pki;
    for (const sent of [
      [issuing, root],
      [root, issuing],
      [nonQualifiedIssuing, issuing, issuing, root],
    ]) {
      const certificates = sent.map((ca) => ca.certificate);
      assert.deepEqual(await chainOf(test, certificate, certificates), names);
    }
    assert.deepEqual(await chainOf(test, certificate, []), ['localhost']);
  });

  it('contains only certificates of CAs that have signed the next one', async (test) => {
    const noCa = issueCa(pki.now, {
      commonName: 'Sild test no CA',
      keys: ecKeyPair('P-384'),
      algorithm: pki.issuing.algorithm,
      issuer: pki.root,
      ca: false,
    });
    const below = issueServerCertificate(pki, { issuer: noCa });
    assert.deepEqual(await chainOf(test, below, [noCa.certificate]), ['localhost']);
    const namesake = createTestPki().issuing;
    assert.deepEqual(await chainOf(test, issueServerCertificate(pki), [namesake.certificate]), ['localhost']);
  });
});
