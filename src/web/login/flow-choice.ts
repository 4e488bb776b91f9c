import { z } from 'zod';
import { type Flow, FLOW_TRAITS, FLOWS } from '../../flows/flows.ts';
import type { NotificationPolicy } from '../../config/smart-id.ts';
import type { OfferedFlows } from '../../oidc/login-settings/login-settings.ts';
import type { WebContext } from '../context.ts';
import { type Cookie, cookieOf, setCookie } from '../cookies.ts';
import type { Device } from './device.ts';

const REMEMBERED_FLOW: Cookie = { name: 'sild_way', path: '/login' };
const REMEMBERED_MS = 365 * 24 * 60 * 60 * 1000;

/** The order of the flows on a device; the lowest number comes first. */
const RANKS: Readonly<Record<Device, Readonly<Record<Flow, number>>>> = {
  computer: { qr: 1, notification: 2, web2app: 3 },
  phone: { web2app: 1, qr: 2, notification: 3 },
  tablet: { qr: 1, web2app: 2, notification: 3 },
};

/** From a form, an address or a cookie; `undefined` for anything that is no flow. */
export const flowSchema = z.enum(FLOWS).optional().catch(undefined);

/**
 * The flows that a browser is offered, best first: the one that the person chose last time, then by device. A flow that
 * sends a push is left out where the policy allows no push from this browser.
 *
 * @param isKnownBrowser called only where the policy depends on it
 */
export async function flowsFor(
  ctx: WebContext,
  device: Device,
  { flows, notificationPolicy }: OfferedFlows,
  isKnownBrowser: () => Promise<boolean>,
): Promise<readonly Flow[]> {
  const maySendPush = await isPushAllowed(notificationPolicy, isKnownBrowser);
  const remembered = rememberedFlow(ctx);
  const rank = (flow: Flow) => (flow === remembered ? 0 : RANKS[device][flow]);
  return flows
    .filter((flow) => maySendPush || !FLOW_TRAITS[flow].sendsPush)
    .toSorted((one, other) => rank(one) - rank(other));
}

/** The flow that the person chose last time in this browser. */
export function rememberedFlow(ctx: WebContext): Flow | undefined {
  return flowSchema.parse(cookieOf(ctx, REMEMBERED_FLOW));
}

export function rememberFlow(ctx: WebContext, flow: Flow): void {
  setCookie(ctx, REMEMBERED_FLOW, flow, REMEMBERED_MS);
}

async function isPushAllowed(
  policy: NotificationPolicy,
  isKnownBrowser: () => Promise<boolean>,
): Promise<boolean> {
  switch (policy) {
    case 'always':
      return true;
    case 'known-browser':
      return isKnownBrowser();
    case 'never':
      return false;
  }
}
