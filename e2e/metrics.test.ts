import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { authorizationRequest, browserOf, discover } from './support/client.ts';
import { logInOverHttp } from './support/http-login.ts';
import { type Stack, startStack } from './support/stack.ts';

describe('the metrics of a running Sild', () => {
  let stack: Stack;
  before(async () => {
    stack = await startStack({ SIMULATOR_DELAY_MS: '50' });
  });
  after(async () => {
    stack.process.signal('SIGKILL');
    await stack.stop();
  });

  it('tell how logins ended and how Smart-ID answered, and nothing of whom', async () => {
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
    ])
      assert.ok(text.includes(`${sample}\n`), `${sample}\n${text}`);
    assert.doesNotMatch(text, /40504040001|30403039917|PNO/);
  });

  it('are not to be had at the address of the login pages', async () => {
    assert.equal((await fetch(`${stack.issuer}/metrics`)).status, 404);
  });
});
