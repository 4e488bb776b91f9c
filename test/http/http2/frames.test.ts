/** What a server sends that node:http2 would not: each exchange ends at once, counts as it must, and the next request gets through. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { http2Dispatcher, outcomeOf } from './h2-server.ts';
import {
  CODE,
  FLAG,
  headerBlock,
  rawServer,
  type RawConnection,
  SETTING,
  TYPE,
  uint32,
} from './raw-server.ts';

const POST = { method: 'POST', body: '{}' } as const;
/** Far beyond what a test takes, so that no time limit ends an exchange. */
const LIMITS = { timeoutMs: 60_000 };

type Sending = (connection: RawConnection, stream: number) => void;

const HEADERS = FLAG.endHeaders;
const WHOLE = FLAG.endHeaders | FLAG.endStream;
const fields = (more: Readonly<Record<string, string>> = {}) => headerBlock({ ':status': '200', ...more });
const BODY = Buffer.from('{}');

const body: Sending = ({ send }, stream) => {
  send(TYPE.data, FLAG.endStream, stream, BODY);
};
const answer: Sending = ({ send }, stream) => {
  send(TYPE.headers, HEADERS, stream, fields());
  send(TYPE.data, FLAG.endStream, stream, BODY);
};
const headersOnly =
  (block: Buffer, flags: number = WHOLE): Sending =>
  ({ send }, stream) => {
    send(TYPE.headers, flags, stream, block);
  };
const reset =
  (code: number): Sending =>
  ({ send }, stream) => {
    send(TYPE.rstStream, 0, stream, uint32(code));
  };
const together =
  (...parts: readonly Sending[]): Sending =>
  (connection, stream) => {
    for (const part of parts) part(connection, stream);
  };
/** @param last the last stream that the server processes, from the one of the request */
const goaway =
  (code: number, last: (stream: number) => number): Sending =>
  ({ send }, stream) => {
    send(TYPE.goaway, 0, 0, uint32(last(stream), code));
  };
const hangUp: Sending = ({ socket }) => socket.end();
const part: Sending = ({ send }, stream) => {
  send(TYPE.headers, HEADERS, stream, fields());
  send(TYPE.data, 0, stream, BODY);
};
const informational = headersOnly(headerBlock({ ':status': '103' }), HEADERS);
const endlessHeaders: Sending = ({ send, socket }, stream) => {
  send(TYPE.headers, 0, stream, fields());
  const block = headerBlock({ 'x-text': 'a'.repeat(10_000) });
  const more = () => {
    while (!socket.destroyed && !socket.writableNeedDrain) send(TYPE.continuation, 0, stream, block);
  };
  socket.on('drain', more);
  more();
};

/** What comes first in place of an answer, and what a `POST` then comes to. It is sent once. */
const SENT_ONCE: Readonly<Record<string, readonly [Sending, RegExp]>> = {
  'an informational answer before the real one': [together(informational, answer), /^200$/],
  trailers: [together(part, headersOnly(headerBlock({ 'x-text': 'a' }))), /^200$/],
  'a reset after the whole answer': [together(answer, reset(CODE.cancel)), /^200$/],
  'no status': [headersOnly(headerBlock({ 'x-text': 'a' })), /^connection_lost /],
  'a status that is no number': [headersOnly(headerBlock({ ':status': '2x0' })), /^connection_lost /],
  'two statuses': [headersOnly(Buffer.concat([fields(), fields()])), /^connection_lost /],
  'only an informational answer': [headersOnly(headerBlock({ ':status': '103' })), /^connection_lost /],
  'a switch of protocols': [headersOnly(headerBlock({ ':status': '101' }), HEADERS), /^connection_lost /],
  'a name that is none': [headersOnly(fields({ 'X Text': 'a' })), /^connection_lost /],
  'a body before the headers': [body, /^connection_lost /],
  'a body that is longer than announced': [
    together(headersOnly(fields({ 'content-length': '1' }), HEADERS), body),
    /^connection_lost /,
  ],
  'a body that is shorter than announced': [
    together(headersOnly(fields({ 'content-length': '9' }), HEADERS), body),
    /^connection_lost /,
  ],
  'a part of a body, and the end of the connection': [together(part, hangUp), /^connection_lost /],
  'a part of a body, and a graceful end': [
    together(
      part,
      goaway(CODE.noError, (stream) => stream),
      hangUp,
    ),
    /^connection_lost /,
  ],
  'an end because of an error': [goaway(CODE.enhanceYourCalm, (stream) => stream), /^connection_lost /],
  'an answer to a request that was not made': [
    (connection, stream) => {
      answer(connection, stream + 2);
    },
    /^connection_lost /,
  ],
  'a push': [
    ({ send }, stream) => {
      send(TYPE.pushPromise, HEADERS, stream, Buffer.concat([uint32(2), headerBlock({ ':method': 'GET' })]));
    },
    /^connection_lost /,
  ],
  'HTTP/1.1': [
    ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
    },
    /^connection_lost /,
  ],
  'headers without end': [endlessHeaders, /^connection_lost /],
};

/** After these the server has certainly not processed the request. */
const NOT_PROCESSED: Readonly<Record<string, Sending>> = {
  'a refused stream': reset(CODE.refusedStream),
  'a refused stream after an informational answer': together(informational, reset(CODE.refusedStream)),
  'an end because of an error, before the stream': goaway(CODE.enhanceYourCalm, () => 0),
  'an end before the stream': together(
    goaway(CODE.noError, () => 0),
    hangUp,
  ),
  'a limit that is now none, and a refused stream': together(({ send }) => {
    send(TYPE.settings, 0, 0, Buffer.concat([SETTING.maxConcurrentStreams, uint32(0)]));
  }, reset(CODE.refusedStream)),
};

describe('a request, where the server sends', { concurrency: true, timeout: 20_000 }, () => {
  for (const [title, [sending, expected]] of Object.entries(SENT_ONCE)) {
    it(`${title}, is sent once`, async (test) => {
      let first = true;
      const server = await rawServer(test, (connection, stream) => {
        (first ? sending : answer)(connection, stream);
        first = false;
      });
      const dispatcher = http2Dispatcher(test);
      assert.match(String(await outcomeOf(dispatcher, { url: server.url, ...POST }, LIMITS)), expected);
      assert.equal(server.requests(), 1);
      assert.equal(await outcomeOf(dispatcher, { url: server.url, ...POST }, LIMITS), 200);
      assert.equal(server.requests(), 2);
    });
  }

  for (const [title, sending] of Object.entries(NOT_PROCESSED)) {
    it(`${title}, is sent again, three times in all`, async (test) => {
      let times = 2;
      const server = await rawServer(test, (connection, stream) => {
        times -= 1;
        (times >= 0 ? sending : answer)(connection, stream);
      });
      const dispatcher = http2Dispatcher(test);
      assert.equal(await outcomeOf(dispatcher, { url: server.url, ...POST }, LIMITS), 200);
      assert.equal(server.requests(), 3);
      times = 3;
      assert.equal(
        await outcomeOf(dispatcher, { url: server.url, ...POST }, LIMITS),
        'connection_failed HTTP2_REFUSED',
      );
      assert.equal(server.requests(), 6);
    });
  }
});
