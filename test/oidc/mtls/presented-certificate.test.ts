import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import { createPresentedCertificate } from '../../../src/oidc/mtls/presented-certificate.ts';
import { clientCertificate } from '../../support/certificates/client-certificates.ts';

const { cert, certificate } = clientCertificate(undefined);
const header = encodeURIComponent(cert);

function presented(remoteAddress: string | undefined, proxies: readonly string[], values = [header]) {
  const request = { socket: { remoteAddress }, headersDistinct: { 'x-cert': values } };
  return createPresentedCertificate({ header: { name: 'x-cert', proxies } })(
    request as unknown as IncomingMessage,
  );
}

describe('the certificate in a header', () => {
  it('is that of the request', () => {
    assert.equal(presented('10.0.0.2', ['10.0.0.2'])?.fingerprint256, certificate.fingerprint256);
  });

  for (const [address, proxies, counts] of [
    ['10.0.0.2', ['10.0.0.0/24'], true],
    ['::ffff:10.0.0.2', ['10.0.0.2'], true],
    ['fd00::2', ['fd00::/8'], true],
    ['10.0.1.2', ['10.0.0.0/24'], false],
    ['10.0.0.3', ['10.0.0.2', 'fd00::2'], false],
    ['::ffff:10.0.0.3', ['10.0.0.2'], false],
    ['fe80::1', ['fd00::/8'], false],
    [undefined, ['0.0.0.0/0'], false],
    ['10.0.0.2', [], false],
  ] as const) {
    it(`${counts ? 'counts' : 'does not count'} from ${address} with the proxies ${proxies.join(', ')}`, () => {
      assert.equal(presented(address, proxies) !== undefined, counts);
    });
  }

  it('does not count where the header came twice', () => {
    assert.equal(presented('10.0.0.2', ['10.0.0.2'], [header, header]), undefined);
  });
});
