import type { Logger } from '../../log/logger.ts';
import type { WebMiddleware } from '../context.ts';

/**
 * Warns once if there seems to be a proxy in front of Sild that TRUST_PROXY does not include: the limits would count all
 * people behind it as one address.
 */
export function warnOfUntrustedProxy(trustProxy: number, log: Logger): WebMiddleware {
  let silent = trustProxy > 0;
  return async (ctx, next) => {
    if (!silent && ctx.get('X-Forwarded-For') !== '') {
      silent = true;
      log.warn(
        { event: 'proxy_not_trusted' },
        'X-Forwarded-For came, and TRUST_PROXY is false: if a proxy sends it, limits take all people for one address',
      );
    }
    await next();
  };
}
