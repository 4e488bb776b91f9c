import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SmartIdExchange } from '../../../src/metrics/metrics.ts';
import { exchange } from '../../../src/smart-id/rp-api/exchange.ts';
import { json, rpApiServer } from './rp-api-server.ts';

describe('an exchange with the RP API', () => {
  it('is observed with endpoint, outcome and duration, without its URL', async (test) => {
    const answers = [200, 471, 580];
    const { baseUrl, dispatcher } = await rpApiServer(test, (response, _request, count) => {
      const status = answers[count - 1];
      if (status === undefined) response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
      else json(response, status, {});
    });
    const observed: SmartIdExchange[] = [];
    const api = { baseUrl, dispatcher, observe: (seen: SmartIdExchange) => observed.push(seen) };
    const url = new URL('authentication/notification/etsi/PNOEE-40504040001', baseUrl);
    const send = (signal?: AbortSignal) =>
      exchange(api, 'notification', { method: 'GET', url, answerMs: 5_000, signal });

    for (const status of answers) assert.equal((await send()).status, status);
    await assert.rejects(send(), { code: 'body_not_json' });
    await assert.rejects(send(AbortSignal.abort()), { code: 'aborted' });

    assert.deepEqual(
      observed.map(({ endpoint, outcome }) => [endpoint, outcome]),
      ['2xx', '4xx', '5xx', 'body_not_json', 'aborted'].map((outcome) => ['notification', outcome]),
    );
    for (const { seconds } of observed) assert.ok(seconds >= 0 && seconds < 5);
    assert.doesNotMatch(JSON.stringify(observed), /40504040001/);
  });
});
