import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startWholeSild, type WholeSild } from '../../support/whole-sild.ts';

describe('the number of a request', () => {
  let sild: WholeSild;
  before(async () => {
    sild = await startWholeSild();
  });
  after(() => sild.stop());

  it('is on the page of an OpenID error, in the request’s log line and in the audit', async () => {
    const response = await fetch(`${sild.issuer}/authorize?client_id=nobody`, {
      headers: { accept: 'text/html' },
    });
    const [, reference = ''] = /<code>([^<]*)<\/code>/.exec(await response.text()) ?? [];
    const [, number] = /^invalid_client: .* \(([2-9A-Z]{4}-[2-9A-Z]{4})\)$/.exec(reference) ?? [];
    assert.ok(number, reference);
    const events = sild.log.filter(({ request }) => request === number).map(({ event }) => event);
    assert.deepEqual(events.toSorted(), ['oidc_refused', 'request']);
  });

  it('is different for each request', async () => {
    const before = sild.log.length;
    await Promise.all([1, 2, 3].map(() => fetch(`${sild.issuer}/login/none`)));
    const numbers = sild.log
      .slice(before)
      .flatMap(({ event, request }) => (event === 'request' ? [request] : []));
    assert.equal(new Set(numbers).size, 3);
  });
});
