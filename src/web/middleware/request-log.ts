import { randomInt } from 'node:crypto';
import type { Logger } from '../../log/logger.ts';
import type { WebMiddleware } from '../context.ts';

/** Letters and digits that nobody mistakes for each other, since people read incident numbers out. (Crockford's Base32) */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ID_LENGTH = 8;

/**
 * Names each request and writes one line when it has ended: which route, which status, how long. Not the address, which
 * names a login, nor anything the person sent.
 */
export function requestLog(log: Logger, now: () => number): WebMiddleware {
  return async (ctx, next) => {
    const begun = now();
    ctx.state.requestId = newRequestId();
    ctx.state.route = undefined;
    ctx.res.once('close', () => {
      const line = {
        event: 'request',
        request: ctx.state.requestId,
        route: ctx.state.route ?? 'none',
        method: ctx.method,
        status: ctx.res.statusCode,
        milliseconds: now() - begun,
        ...(ctx.res.writableFinished ? {} : { aborted: true }),
      };
      if (ctx.state.route === 'health' || ctx.state.route === 'asset') log.debug(line, 'request');
      else log.info(line, 'request');
    });
    await next();
  };
}

function newRequestId(): string {
  return Array.from({ length: ID_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}
