import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { download, DownloadError } from '../../src/trust/download.ts';
import { answeringServer } from '../http/answering-server.ts';

const LIMIT = 128 * 1024;

async function downloaded(test: TestContext, answer: RequestListener): Promise<Buffer> {
  const { url, dispatcher } = await answeringServer(test, answer);
  return download(url, dispatcher);
}

const answering = (status: number, body: Buffer, headers = {}): RequestListener => {
  return (_request, response) => response.writeHead(status, headers).end(body);
};

describe('a download', { concurrency: true }, () => {
  it('returns a file of at most 128 KiB', async (test) => {
    const file = Buffer.alloc(LIMIT, 'x');
    assert.deepEqual(await downloaded(test, answering(200, file)), file);
    await assert.rejects(downloaded(test, answering(200, Buffer.alloc(LIMIT + 1))), {
      name: 'DownloadError',
      message: 'larger than 128 KiB',
    });
  });

  it('fails with a sentence for the operator', async (test) => {
    const failures: readonly (readonly [RequestListener, string])[] = [
      [answering(404, Buffer.alloc(0)), 'HTTP 404'],
      [answering(302, Buffer.alloc(0), { location: '/elsewhere' }), 'redirects (HTTP 302)'],
      [(request) => request.socket.destroy(), 'cannot be reached (UND_ERR_SOCKET)'],
    ];
    for (const [answer, message] of failures) await assert.rejects(downloaded(test, answer), { message });
  });

  it('fails for an address that is not http', async (test) => {
    const { dispatcher } = await answeringServer(test, () => undefined);
    for (const [url, reason] of [
      ['no URL', 'ERR_INVALID_URL'],
      ['file:///etc/passwd', 'file:'],
    ] as const) {
      await assert.rejects(download(url, dispatcher), (error) => {
        assert.ok(error instanceof DownloadError);
        assert.equal(error.message, `cannot be reached (${reason})`);
        return true;
      });
    }
  });
});
