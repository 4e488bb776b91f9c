import type { Logger } from '../../log/logger.ts';
import type { WebContext, WebMiddleware } from '../context.ts';

export interface HealthOptions {
  /** Resolves if a login could be served, throws if not. */
  readonly ready: () => Promise<void>;
  readonly isDraining: () => boolean;
  /** Whether no further login may begin here. */
  readonly isFull: () => boolean;
  readonly log: Logger;
}

type Readiness = 'ready' | 'full' | 'draining' | 'not_ready';

const PATHS: readonly string[] = ['/healthz', '/readyz'];

/** Whether an address, with or without its parameters, is one that load balancers and orchestrators ask again and again. */
export function isHealthCheck(address: string): boolean {
  return PATHS.includes(address.split('?', 1)[0] ?? '');
}

/**
 * `/healthz`: the process is alive. `/readyz`: it can serve logins, is not draining, and can take further ones.
 *
 * `/readyz?for=balancer` answers 503 only while the instance drains: for load balancers that send nothing any more to an instance
 * that is not ready, and nothing at all once none is. Without the database all instances are not ready at once, and their pages tell
 * people so; a full instance serves the logins that it has, and tells other people to wait.
 *
 * None is rate-limited, since load balancers request them. Requests for `/readyz` at the same time share one database
 * query, so a flood of them costs no more than one.
 */
export function health({ ready, isDraining, isFull, log }: HealthOptions): WebMiddleware {
  let asked: Promise<'ready' | 'not_ready'> | undefined;
  return async (ctx, next) => {
    if (!isHealthCheck(ctx.path)) return next();
    ctx.state.route = 'health';
    const status = await statusFor(ctx);
    ctx.status = ['alive', 'ready', 'serving'].includes(status) ? 200 : 503;
    ctx.body = { status };
  };

  async function statusFor({ path, query }: WebContext): Promise<Readiness | 'alive' | 'serving'> {
    if (path === '/healthz') return 'alive';
    if (isDraining()) return 'draining';
    return query.for === 'balancer' ? 'serving' : readiness();
  }

  async function readiness(): Promise<Readiness> {
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
