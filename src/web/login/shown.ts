import { isDeviceLinkFlow } from '../../flows/flows.ts';
import type { Attempt } from '../../login/attempt.ts';
import type { WebContext } from '../context.ts';
import type { Shown } from './browser-state.ts';
import { deviceOf } from './device.ts';
import { waySchema } from './ways.ts';

/** What the page of a device link shows: what the address asks for, or else what the device suggests. */
export function shownIn(ctx: WebContext, attempt: Attempt): Shown | undefined {
  if (!isDeviceLinkFlow(attempt.flow)) return undefined;
  const show = waySchema.parse(ctx.query.show);
  if (show === 'qr' || show === 'app') return show;
  return deviceOf(ctx.headers) === 'phone' ? 'app' : 'qr';
}
