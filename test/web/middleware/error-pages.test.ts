import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import Koa from 'koa';
import { createLogger } from '../../../src/log/logger.ts';
import type { WebState } from '../../../src/web/context.ts';
import { errorPages } from '../../../src/web/middleware/error-pages.ts';
import type { Pages } from '../../../src/web/pages/pages.ts';

describe('a response that goes on after its handler has returned', () => {
  it('keeps no middleware waiting, and its error is logged and ends it', async (test) => {
    const work = Promise.withResolvers<undefined>();
    const passed = Promise.withResolvers<undefined>();
    const { url, lines } = await serving(test, {
      handled: () => {
        passed.resolve(undefined);
      },
      work: work.promise,
    });
    const answer = await fetch(url);
    const body = answer.text();
    body.catch(() => undefined);
    await passed.promise;
    assert.deepEqual(lines, []);
    work.reject(new Error('the database is away'));
    await assert.rejects(body);
    assert.match(lines.join(''), /"event":"request_failed".*"request":"R1"/);
  });
});

async function serving(
  test: TestContext,
  { handled, work }: { readonly handled: () => void; readonly work: Promise<undefined> },
) {
  const lines: string[] = [];
  const log = createLogger({ level: 'error', destination: { write: (line) => void lines.push(line) } });
  const app = new Koa<WebState>();
  app.use(async (ctx, next) => {
    ctx.state.requestId = 'R1';
    await next();
    handled();
  });
  // It draws no page: the response has begun.
  app.use(errorPages({} as Pages, log, () => false));
  app.use((ctx) => {
    ctx.respond = false;
    ctx.res.writeHead(200);
    ctx.res.write('a part');
    ctx.state.goOn(work);
  });
  const server = createServer((request, response) => {
    void app.callback()(request, response);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  test.after(() => server.close());
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/`, lines };
}
