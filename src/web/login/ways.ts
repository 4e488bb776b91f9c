import { z } from 'zod';
import type { Country } from '../../identity/countries/rules.ts';
import type { WebContext } from '../context.ts';
import { type Cookie, cookieOf, setCookie } from '../cookies.ts';
import { type Device, deviceOf } from './device.ts';
import { type BrowserRooms, isKnownBrowser } from './known-browser.ts';

/** A QR code for the app on another device; the app on this one; a personal code and a push. */
export const WAYS = ['qr', 'app', 'code'] as const;
export type Way = (typeof WAYS)[number];

/** Where a push may be sent from. */
export type NotificationPolicy = 'always' | 'known-browser' | 'never';

/** What the operator offers. */
export interface OfferedWays {
  readonly ways: readonly Way[];
  readonly notificationPolicy: NotificationPolicy;
  /** Of the personal codes that the form asks for, in its order; the code is no way in where there are none. */
  readonly countries: readonly Country[];
}

const REMEMBERED_WAY: Cookie = { name: 'sild_way', path: '/login' };
const REMEMBERED_MS = 365 * 24 * 60 * 60 * 1000;

const BY_DEVICE: Readonly<Record<Device, readonly Way[]>> = {
  computer: ['qr', 'code', 'app'],
  phone: ['app', 'qr', 'code'],
  tablet: ['qr', 'app', 'code'],
};

/** From a form or an address; `undefined` for anything that is no way. */
export const waySchema = z.enum(WAYS).optional().catch(undefined);

/**
 * The ways that this browser is offered, best first: the one that the person chose last time, then by device. A personal
 * code is no way where the policy would not send a push to anybody from here.
 */
export async function waysHere(
  rooms: BrowserRooms & { readonly offered: OfferedWays },
  ctx: WebContext,
): Promise<readonly Way[]> {
  const { ways, notificationPolicy } = rooms.offered;
  const pushes =
    notificationPolicy === 'always' ||
    (notificationPolicy === 'known-browser' && (await isKnownBrowser(rooms, ctx)));
  const offered = BY_DEVICE[deviceOf(ctx.headers)].filter(
    (way) => ways.includes(way) && (way !== 'code' || pushes),
  );
  const remembered = waySchema.parse(cookieOf(ctx, REMEMBERED_WAY));
  return offered.toSorted((one, other) => Number(other === remembered) - Number(one === remembered));
}

export function rememberWay(ctx: WebContext, way: Way): void {
  setCookie(ctx, REMEMBERED_WAY, way, REMEMBERED_MS);
}
