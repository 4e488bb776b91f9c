import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createTestPki } from '../../test/support/certificates/certificates.ts';
import { namedMetrics } from '../../test/support/outputs/named-metrics.ts';
import { authorizationRequest, browserOf, discover } from '../support/http/client.ts';
import { logInOverHttp } from '../support/http/http-login.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('the metrics of a running Sild', () => {
  let stack: Stack;
  before(async () => {
    stack = await startStack({ SIMULATOR_DELAY_MS: '50' });
  });
  after(async () => {
    stack.process.signal('SIGKILL');
    await stack.stop();
  });

  it('count outcomes of logins and answers of Smart-ID, without personal data', async () => {
    const configuration = await discover(stack);
    for (const personal_code of ['40504040001', '30403039917']) {
      const { url } = await authorizationRequest(configuration, stack);
      await logInOverHttp(browserOf(stack), url, { country: 'EE', personal_code });
    }
    const answer = await fetch(stack.metricsUrl);
    const text = await answer.text();
    for (const sample of [
      'sild_logins_begun_total{client="sample-app",flow="notification"} 2',
      'sild_logins_total{client="sample-app",flow="notification",outcome="finished"} 1',
      'sild_logins_total{client="sample-app",flow="notification",outcome="user_refused"} 1',
      'sild_login_duration_seconds_count{flow="notification"} 1',
      'sild_smart_id_request_duration_seconds_count{endpoint="notification",outcome="2xx"} 2',
      'sild_verification_duration_seconds_count{outcome="accepted"} 1',
      'sild_revocation_request_duration_seconds_count{source="ocsp",outcome="answered"} 1',
      'sild_http_request_duration_seconds_count{route="authorize",outcome="3xx"} 3',
      'sild_waiting_pages 0',
      'sild_database_waiting_statements 0',
    ])
      assert.ok(text.includes(`${sample}\n`), `${sample}\n${text}`);
    assert.match(text, /^sild_database_statement_duration_seconds_count\{outcome="done"\} [1-9]\d/m);
    for (const sample of [
      /^sild_waiting_logins [0-2]$/m,
      /^sild_signing_key_rotation_in_seconds\{alg="RS256"\} 77[67]\d{4}(?:\.\d+)?$/m,
    ])
      assert.match(text, sample);
    assert.doesNotMatch(text, /40504040001|30403039917|PNO/);
  });

  it('are all that the alerts and the dashboard of deploy/ name', async () => {
    const text = await (await fetch(stack.metricsUrl)).text();
    for (const name of namedMetrics()) assert.match(text, new RegExp(`^# TYPE ${name} `, 'm'));
  });

  it('are not available on the port of the login pages', async () => {
    assert.equal((await fetch(`${stack.issuer}/metrics`)).status, 404);
  });
});

describe('a Sild for the live environment', () => {
  it('starts with the operator’s CA certificates, and reports when they expire', async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'sild-live-'));
    t.after(() => rm(directory, { recursive: true, force: true }));
    const { certificate } = createTestPki().issuing;
    await writeFile(join(directory, 'ca.crt'), certificate);
    const stack = await startStack({
      SMARTID_ENVIRONMENT: 'live',
      SMARTID_RP_UUID: '11111111-2222-4333-8444-555555555555',
      SMARTID_RP_NAME: 'Example',
      SMARTID_FLOWS: 'notification',
      SMARTID_TLS_PINS: `sha256/${Buffer.alloc(32).toString('base64')}`,
      TRUST_DIR: directory,
      TRUST_EXTRA_SHA256: new X509Certificate(certificate).fingerprint256,
      HOST: 'localhost',
    });
    t.after(() => stack.stop());
    const text = await (await fetch(stack.metricsUrl)).text();
    assert.match(
      text,
      /^sild_trust_anchor_expires_in_seconds\{name="Sild test EID-Q",fingerprint="[0-9A-F]{16}"\} [1-9]/m,
    );
  });
});
