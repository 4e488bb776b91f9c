/**
 * HTTP/1.1 and HTTP/2 on one port, in clear text and, with a certificate, over TLS:
 *
 *   first bytes ─ TLS record ─────▶ TLS ─ ALPN ─▶ h2 ───────▶ HTTP/2
 *               ├ HTTP/2 preface ─────────────────────────────▶ HTTP/2 (prior knowledge; RFC 9113, 3.3)
 *               └ anything else ──────────────▶ http/1.1 ─▶ HTTP/1.1
 */
import { createServer as createHttp1 } from 'node:http';
import { createServer as createHttp2, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import type Koa from 'koa';

/** The application's handler, for requests of both versions. */
export type Handler = ReturnType<Koa['callback']>;

export interface TlsCredentials {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

export interface Connections {
  accept(socket: Socket): void;
  /** Closes idle connections at once, and the other ones after their responses. */
  close(): void;
}

/** The first byte of a TLS record with a handshake message. (RFC 8446, 5.1) */
const TLS_HANDSHAKE = 0x16;
/** The beginning of the HTTP/2 preface. No method of HTTP/1.1 begins so. (RFC 9113, 3.4) */
const PREFACE = Buffer.from('PRI');

export function createConnections(handler: Handler, tls: TlsCredentials | undefined): Connections {
  const http1 = createHttp1((request, response) => {
    const { socket } = request;
    idle.delete(socket);
    response.once('close', () => {
      if (closing) socket.end();
      else if (!socket.destroyed) idle.add(socket);
    });
    void handler(request, response);
  });
  const http2 = createHttp2((request, response) => {
    // The body parser looks for a header of HTTP/1.1 that says that there is a body. HTTP/2 needs none.
    const { headers, stream } = request;
    if (!stream.endAfterHeaders && headers['content-length'] === undefined)
      headers['transfer-encoding'] = 'chunked';
    void handler(request, response);
  });
  const secured =
    tls &&
    createTls({ ...tls, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
      closeBothSides(socket);
      (socket.alpnProtocol === 'h2' ? http2 : http1).emit('connection', socket);
    });
  /** Connections that have not sent enough bytes to tell the protocol. */
  const undecided = new Set<Socket>();
  /** HTTP/1.1 connections without a request. A server that does not listen itself does not keep them. */
  const idle = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  let closing = false;
  http1.on('connection', (socket) => {
    idle.add(socket);
    socket.once('close', () => idle.delete(socket));
  });
  http2.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });

  return {
    accept(socket) {
      undecided.add(socket);
      socket.once('close', () => undecided.delete(socket));
      // An error also closes the connection.
      socket.on('error', () => undefined);
      closeBothSides(socket);
      readFirstBytes(socket, (first) => {
        undecided.delete(socket);
        const server = first[0] === TLS_HANDSHAKE && secured ? secured : isPreface(first) ? http2 : http1;
        server.emit('connection', socket);
      });
    },
    close() {
      closing = true;
      for (const socket of [...undecided, ...idle]) socket.destroy();
      for (const session of sessions) session.close();
    },
  };
}

/** After the server has ended its side: a client of HTTP/2 may leave its own open, which would keep the server open too. */
function closeBothSides(socket: Socket): void {
  socket.once('finish', () => socket.destroy());
}

/** Reads until the protocol is clear, puts the bytes back, and hands over the first ones. */
function readFirstBytes(socket: Socket, decide: (first: Buffer) => void): void {
  let received = Buffer.alloc(0);
  const read = () => {
    const chunk = socket.read() as Buffer | null;
    if (!chunk) return;
    received = Buffer.concat([received, chunk]);
    if (received.length < PREFACE.length && PREFACE.subarray(0, received.length).equals(received)) return;
    socket.off('readable', read);
    socket.unshift(received);
    decide(received);
  };
  socket.on('readable', read);
}

function isPreface(first: Buffer): boolean {
  return first.subarray(0, PREFACE.length).equals(PREFACE);
}
