/** A TLS server that chooses HTTP/2 and then sends the frames that a test makes, also those that node:http2 would not send. (RFC 9113, 4.1) */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { createServer, type TLSSocket } from 'node:tls';
import { genuineTls } from './h2-server.ts';

/** Of frames. (RFC 9113, 6) */
export const TYPE = {
  data: 0,
  headers: 1,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  continuation: 9,
} as const;
/** Of errors. (RFC 9113, 7) */
export const CODE = { noError: 0, refusedStream: 7, cancel: 8, enhanceYourCalm: 11 } as const;
/** The identifiers of settings. (RFC 9113, 6.5.2) */
export const SETTING = { maxConcurrentStreams: Buffer.from([0, 3]) } as const;
export const FLAG = { ack: 1, endStream: 1, endHeaders: 4 } as const;

const PREFACE_BYTES = 24;
const HEADER_BYTES = 9;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export interface RawConnection {
  readonly socket: TLSSocket;
  readonly send: (type: number, flags: number, stream: number, payload?: Buffer) => void;
}

export interface RawServer {
  /** `https://localhost:PORT/`. */
  readonly url: string;
  readonly connections: RawConnection[];
  /** HEADERS that have come since the beginning. */
  readonly requests: () => number;
}

/**
 * Closed at the end of the test. SETTINGS and PING are acknowledged.
 *
 * @param onRequest called with each HEADERS frame; what it sends may be anything
 * @param settings the payload of the first SETTINGS frame
 */
export async function rawServer(
  test: TestContext,
  onRequest: (connection: RawConnection, stream: number) => void,
  settings: Buffer = Buffer.alloc(0),
): Promise<RawServer> {
  const connections: RawConnection[] = [];
  let requests = 0;
  const server = createServer({ ...genuineTls, ALPNProtocols: ['h2'] }, (socket) => {
    const connection: RawConnection = {
      socket,
      send(type, flags, stream, payload = Buffer.alloc(0)) {
        if (!socket.destroyed) socket.write(frame(type, flags, stream, payload));
      },
    };
    connections.push(connection);
    socket.on('error', () => undefined);
    connection.send(TYPE.settings, 0, 0, settings);
    onFrames(socket, ({ type, flags, stream, payload }) => {
      if (type === TYPE.settings && flags === 0) connection.send(TYPE.settings, FLAG.ack, 0);
      if (type === TYPE.ping && flags === 0) connection.send(TYPE.ping, FLAG.ack, 0, payload);
      if (type !== TYPE.headers) return;
      requests += 1;
      onRequest(connection, stream);
    });
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  test.after(() => {
    for (const { socket } of connections) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}/`, connections, requests: () => requests };
}

function onFrames(socket: TLSSocket, onFrame: (frame: Frame) => void): void {
  let unread = Buffer.alloc(0);
  let begun = false;
  socket.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    if (!begun && unread.length >= PREFACE_BYTES) {
      unread = unread.subarray(PREFACE_BYTES);
      begun = true;
    }
    while (begun && unread.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + unread.readUIntBE(0, 3);
      if (unread.length < end) break;
      const [type = 0, flags = 0] = unread.subarray(3, 5);
      const stream = unread.readUInt32BE(5);
      onFrame({ type, flags, stream, payload: unread.subarray(HEADER_BYTES, end) });
      unread = unread.subarray(end);
    }
  });
}

export function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

/** A header block of literals without indexing and without Huffman coding. (RFC 7541, 6.2.2) */
export function headerBlock(fields: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(
    Object.entries(fields).flatMap(([name, value]) => [Buffer.of(0), literal(name), literal(value)]),
  );
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  return Buffer.concat([integer(bytes.length), bytes]);
}

/** With a prefix of 7 bits. (RFC 7541, 5.1) */
function integer(value: number): Buffer {
  if (value < 127) return Buffer.of(value);
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

export const uint32 = (...values: readonly number[]): Buffer =>
  Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    }),
  );
