import type { Logger } from '../../log/logger.ts';
import type { WebMiddleware } from '../context.ts';

export interface HealthOptions {
  /** Resolves if a login could be served, throws if not. */
  readonly ready: () => Promise<void>;
  readonly isDraining: () => boolean;
  /** Whether no further login may begin here. */
  readonly isFull: () => boolean;
  readonly log: Logger;
}

type Readiness = 'ready' | 'full' | 'draining' | 'not_ready';

/**
 * `/healthz`: the process is alive. `/readyz`: it can serve logins, is not draining, and can take further ones.
 *
 * `/readyz?full=ok` answers 200 where the instance is only full: for load balancers that send nothing any more to an instance that is
 * not ready, and nothing at all once none is. A full instance serves the logins that it has, and tells other people to wait.
 *
 * Neither is rate-limited, since load balancers request them. Requests for `/readyz` at the same time share one database
 * query, so a flood of them costs no more than one.
 */
export function health({ ready, isDraining, isFull, log }: HealthOptions): WebMiddleware {
  let asked: Promise<'ready' | 'not_ready'> | undefined;
  return async (ctx, next) => {
    if (ctx.path !== '/healthz' && ctx.path !== '/readyz') return next();
    ctx.state.route = 'health';
    const status = ctx.path === '/healthz' ? 'alive' : await readiness();
    const isGood = status === 'alive' || status === 'ready' || (status === 'full' && ctx.query.full === 'ok');
    ctx.status = isGood ? 200 : 503;
    ctx.body = { status };
  };

  async function readiness(): Promise<Readiness> {
    if (isDraining()) return 'draining';
    asked ??= ask().finally(() => (asked = undefined));
    const status = await asked;
    return status === 'ready' && isFull() ? 'full' : status;
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
