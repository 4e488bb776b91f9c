import type { WebContext } from '../context.ts';

/** Aborted once the browser has gone or has its answer: nothing need be waited for any more. */
export function untilGone(ctx: WebContext): AbortSignal {
  const gone = new AbortController();
  if (ctx.res.closed) gone.abort();
  else
    ctx.res.once('close', () => {
      gone.abort();
    });
  return gone.signal;
}
