import {
  exchangeV2,
  type ExchangeV2,
  type ExchangeV2Options,
} from '../answers/authentication-responses-v2.ts';
import {
  exchange,
  type Exchange,
  type ExchangeOptions,
  type Saying,
} from '../answers/authentication-responses.ts';
import { cameBack, scanned } from '../answers/device-link-responses.ts';
import type { RefusalCode } from '../refusal.ts';

/** The flows of RP API v3, and RP API v2. */
export type Way = WayOfV3 | 'v2';
export type WayOfV3 = 'Notification' | 'QR' | 'Web2App';

export const WAYS_OF_V3: readonly WayOfV3[] = ['Notification', 'QR', 'Web2App'];
export const WAYS: readonly Way[] = [...WAYS_OF_V3, 'v2'];

/** A single defect of an otherwise valid response. */
export interface Defect {
  /** Describes the defect. */
  readonly name: string;
  readonly code: RefusalCode;
  /** The flows in which it can occur. */
  readonly ways: readonly Way[];
  readonly make: (way: Way) => Exchange | ExchangeV2;
}

/** Options of an exchange in any flow. */
export type AnyOptions = Pick<
  ExchangeOptions,
  'session' | 'certificate' | 'issued' | 'body' | 'revocation'
> & {
  readonly said?: Saying;
  readonly signed?: Pick<NonNullable<ExchangeOptions['signed']>, 'key'>;
};

const GENUINE: Readonly<Record<WayOfV3, (options: ExchangeOptions) => Exchange>> = {
  Notification: exchange,
  QR: scanned,
  Web2App: cameBack,
};

/** A valid exchange, unless an option changes it. */
export function exchangeBy(way: Way, options: AnyOptions = {}): Exchange | ExchangeV2 {
  return way === 'v2' ? exchangeV2(options) : GENUINE[way](options);
}

type Table<Options, Ways> = Readonly<
  Record<string, readonly [code: RefusalCode, make: (way: Ways) => Options]>
>;

/** Defects that can occur in every flow. */
export function inEveryWay(table: Table<AnyOptions, Way>): Defect[] {
  return Object.entries(table).map(([name, [code, options]]) => ({
    name,
    code,
    ways: WAYS,
    make: (way) => exchangeBy(way, options(way)),
  }));
}

/** Defects of RP API v3 responses. */
export function inV3(table: Table<ExchangeOptions, WayOfV3>, ways = WAYS_OF_V3): Defect[] {
  return Object.entries(table).map(([name, [code, options]]) => ({
    name,
    code,
    ways,
    make: (way) => {
      if (way === 'v2') throw new TypeError(`${name} is not of RP API v2`);
      return GENUINE[way](options(way));
    },
  }));
}

/** Defects of RP API v2 responses. */
export function inV2(table: Table<ExchangeV2Options, 'v2'>): Defect[] {
  return Object.entries(table).map(([name, [code, options]]) => ({
    name,
    code,
    ways: ['v2'],
    make: () => exchangeV2(options('v2')),
  }));
}

/** Defects that need more than an option. */
export function inWays(
  ways: readonly Way[],
  table: Readonly<Record<string, readonly [code: RefusalCode, make: (way: Way) => Exchange | ExchangeV2]>>,
): Defect[] {
  return Object.entries(table).map(([name, [code, make]]) => ({ name, code, ways, make }));
}
