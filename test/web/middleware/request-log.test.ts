import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it, type TestContext } from 'node:test';
import Koa from 'koa';
import { createLogger } from '../../../src/log/logger.ts';
import type { WebState } from '../../../src/web/context.ts';
import { requestLog } from '../../../src/web/middleware/request-log.ts';
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

describe('the line of a request', () => {
  it('has its route, status and duration, and neither its address nor what was sent', async (test) => {
    const { url, ended, lines, metrics } = await serving(test, () => Promise.resolve());
    await (await fetch(`${url}a-login?secret=1`)).text();
    await ended;
    const [line = '{}', ...more] = lines;
    const { event, route, method, status, milliseconds, aborted } = JSON.parse(line) as Record<
      string,
      unknown
    >;
    assert.deepEqual(
      [event, route, method, status, milliseconds, aborted, more],
      ['request', 'callback', 'GET', 200, 1_500, undefined, []],
    );
    assert.ok(!line.includes('a-login') && !line.includes('secret'));
    assert.deepEqual(metrics, [{ route: 'callback', outcome: '2xx', seconds: 1.5 }]);
  });

  it('says that the browser has gone before the response, which has no status in the metrics', async (test) => {
    const begun = Promise.withResolvers<undefined>();
    const { url, ended, lines, metrics } = await serving(test, async () => {
      begun.resolve(undefined);
      await ended;
    });
    const sent = request(url);
    sent.once('error', () => undefined);
    sent.end();
    await begun.promise;
    sent.destroy();
    await ended;
    assert.equal((JSON.parse(lines[0] ?? '{}') as { aborted?: boolean }).aborted, true);
    assert.deepEqual(
      metrics.map(({ outcome }) => outcome),
      ['aborted'],
    );
  });
});

/** A server whose clock is 1.5 seconds later each time; `ended` resolves when its first response has. */
async function serving(test: TestContext, handle: () => Promise<void>) {
  const [lines, metrics]: [string[], { route: string; outcome: string; seconds: number }[]] = [[], []];
  const log = createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } });
  const ended = Promise.withResolvers<undefined>();
  let time = 0;
  const app = new Koa<WebState>();
  app.use((ctx, next) => {
    const logged = requestLog(
      { log, metrics: { requestEnded: (of) => void metrics.push(of) } },
      () => (time += 1_500),
    )(ctx, next);
    ctx.res.once('close', () => {
      ended.resolve(undefined);
    });
    return logged;
  });
  app.use(async (ctx) => {
    ctx.state.route = 'callback';
    await handle();
    ctx.body = 'done';
  });
  const server = createServer((incoming, outgoing) => {
    void app.callback()(incoming, outgoing);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  test.after(() => server.close());
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
  return { url, ended: ended.promise, lines, metrics };
}
