import {
  exchangeV2,
  type ExchangeV2,
  type ExchangeV2Options,
} from '../answers/authentication-responses-v2.ts';
import {
  exchange,
  type Exchange,
  type ExchangeOptions,
  type ResponseChange,
} from '../answers/authentication-responses.ts';
import { web2AppExchange, qrExchange } from '../answers/device-link-responses.ts';
import type { RefusalCode } from '../refusal.ts';

/** The flows of RP API v3, and RP API v2. */
export type ResponseFlow = V3Flow | 'v2';
export type V3Flow = 'Notification' | 'QR' | 'Web2App';

export const V3_FLOWS: readonly V3Flow[] = ['Notification', 'QR', 'Web2App'];
export const RESPONSE_FLOWS: readonly ResponseFlow[] = [...V3_FLOWS, 'v2'];

/** A single defect of an otherwise valid response. */
export interface Defect {
  /** Describes the defect. */
  readonly name: string;
  readonly code: RefusalCode;
  /** The flows in which it can occur. */
  readonly flows: readonly ResponseFlow[];
  readonly make: (flow: ResponseFlow) => Exchange | ExchangeV2;
}

/** Options of an exchange in any flow. */
export type AnyOptions = Pick<
  ExchangeOptions,
  'session' | 'certificate' | 'issued' | 'body' | 'revocation'
> & {
  readonly stated?: ResponseChange;
  readonly signed?: Pick<NonNullable<ExchangeOptions['signed']>, 'key'>;
};

const GENUINE: Readonly<Record<V3Flow, (options: ExchangeOptions) => Exchange>> = {
  Notification: exchange,
  QR: qrExchange,
  Web2App: web2AppExchange,
};

/** A valid exchange, unless an option changes it. */
export function exchangeFor(flow: ResponseFlow, options: AnyOptions = {}): Exchange | ExchangeV2 {
  return flow === 'v2' ? exchangeV2(options) : GENUINE[flow](options);
}

type Table<Options, Flow> = Readonly<
  Record<string, readonly [code: RefusalCode, make: (flow: Flow) => Options]>
>;

/** Defects that can occur in every flow. */
export function inEveryFlow(table: Table<AnyOptions, ResponseFlow>): Defect[] {
  return Object.entries(table).map(([name, [code, options]]) => ({
    name,
    code,
    flows: RESPONSE_FLOWS,
    make: (flow) => exchangeFor(flow, options(flow)),
  }));
}

/** Defects of RP API v3 responses. */
export function inV3(table: Table<ExchangeOptions, V3Flow>, flows = V3_FLOWS): Defect[] {
  return Object.entries(table).map(([name, [code, options]]) => ({
    name,
    code,
    flows,
    make: (flow) => {
      if (flow === 'v2') throw new TypeError(`${name} is not of RP API v2`);
      return GENUINE[flow](options(flow));
    },
  }));
}

/** Defects of RP API v2 responses. */
export function inV2(table: Table<ExchangeV2Options, 'v2'>): Defect[] {
  return Object.entries(table).map(([name, [code, options]]) => ({
    name,
    code,
    flows: ['v2'],
    make: () => exchangeV2(options('v2')),
  }));
}

/** Defects that need more than an option. */
export function inFlows(
  flows: readonly ResponseFlow[],
  table: Readonly<
    Record<string, readonly [code: RefusalCode, make: (flow: ResponseFlow) => Exchange | ExchangeV2]>
  >,
): Defect[] {
  return Object.entries(table).map(([name, [code, make]]) => ({ name, code, flows, make }));
}
