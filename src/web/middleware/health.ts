import type { Logger } from '../../log/logger.ts';
import type { WebMiddleware } from '../context.ts';

/**
 * `/healthz`: the process is alive. `/readyz`: it can serve logins, and is not draining.
 *
 * Neither is rate-limited, since load balancers request them. Requests for `/readyz` at the same time share one database
 * query, so a flood of them costs no more than one.
 */
export function health(ready: () => Promise<void>, isDraining: () => boolean, log: Logger): WebMiddleware {
  let asked: Promise<'ready' | 'not_ready'> | undefined;
  return async (ctx, next) => {
    if (ctx.path !== '/healthz' && ctx.path !== '/readyz') return next();
    ctx.state.route = 'health';
    const status = ctx.path === '/healthz' ? 'alive' : await readiness();
    ctx.status = status === 'alive' || status === 'ready' ? 200 : 503;
    ctx.body = { status };
  };

  async function readiness(): Promise<'ready' | 'draining' | 'not_ready'> {
    if (isDraining()) return 'draining';
    asked ??= ask().finally(() => (asked = undefined));
    return asked;
  }

  async function ask(): Promise<'ready' | 'not_ready'> {
    try {
      await ready();
      return 'ready';
    } catch (error) {
      log.error({ event: 'not_ready', err: error }, 'not ready to serve');
      return 'not_ready';
    }
  }
}
