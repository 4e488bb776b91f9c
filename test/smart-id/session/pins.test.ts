import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLogger } from '../../../src/log/logger.ts';
import { createSmartId } from '../../../src/smart-id/session.ts';
import { trustStoreOf } from '../../support/answers/authentications.ts';
import { createTestPki, issueAuthentication } from '../../support/certificates/certificates.ts';
import { rpApiServer } from '../rp-api/rp-api-server.ts';

describe('Smart-ID with pins', () => {
  it('sends no request to a server without a pinned key, and logs tls_pin_mismatch', async (test) => {
    const server = await rpApiServer(test, (response) => response.end());
    const lines: string[] = [];
    const smartId = createSmartId({
      apiVersion: '3',
      baseUrl: server.baseUrl,
      tlsPins: [Buffer.alloc(32).toString('base64')],
      schemeName: 'smart-id-demo',
      relyingPartyUuid: '00000000-0000-4000-8000-000000000000',
      relyingPartyName: 'DEMO',
      certificateLevel: 'QUALIFIED',
      trust: trustStoreOf(issueAuthentication(createTestPki()).trust),
      revocation: 'off',
      randomBytes: (size) => new Uint8Array(size),
      now: () => new Date(),
      log: createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } }),
    });
    const started = await smartId.start(
      smartId.prepare({
        flow: 'notification',
        identifier: 'PNOEE-40504040001',
        displayText: 'Log in',
        knownBrowser: true,
      }),
    );
    assert.equal(started.kind === 'failed' && started.failure.code, 'service_failed');
    assert.equal(server.received.length, 0);
    const [line] = lines.map((text) => JSON.parse(text) as Record<string, unknown>);
    assert.deepEqual([line?.event, line?.level, line?.presented], ['tls_pin_mismatch', 'error', []]);
  });
});
