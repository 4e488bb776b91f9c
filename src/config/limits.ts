import { durations, most, type Rate, rate, type SectionValues, variable } from './variable.ts';

/** Limits of what people and strangers may cause. */
export const limitsSection = {
  RATE_PERSON: variable(rate(), {
    description:
      'Logins with a personal code that may be started for one person, as count/time; or off. That many may be started at once, and then again one by one, evenly over the time. Units: s, m, h, d.',
    defaultText: '10/1h; 1000/10m with the simulator',
    example: '10/1h',
  }),
  RATE_ADDRESS: variable(rate(), {
    description:
      'Logins that may be started from one address (IPv6: from one /64; four times as many from a /56, sixteen times from a /48), in the same form. Raise it where many people share an address.',
    defaultText: '100/10m; 1000/10m with the simulator',
    example: '100/10m',
  }),
  RATE_CLIENT: variable(rate(), {
    description:
      'Requests that may be sent to phones for one client from browsers that their person has not used before, in the same form; without a browser (CIBA) as many again. Logins by device link, and from known browsers, are not limited by it.',
    defaultText: '6000/10m',
    example: '6000/10m',
  }),
  RATE_PUSH: variable(durations(), {
    description:
      'How long no further request is sent to a person’s phone after one that did not end in a login, after two in a row, and so on; the last value applies to all that follow. Unless this is off, requests are also sent to a phone one at a time.',
    defaultText: '0s,30s,2m,10m,1h; off with the simulator',
    example: '0s,30s,2m,10m,1h',
  }),
  RATE_REQUESTS: variable(rate(), {
    description:
      'HTTP requests from one address to one instance (IPv6: counted as by RATE_ADDRESS), in the same form; off also lifts the limits of the waiting pages. Assets and health checks do not count.',
    defaultText: '3000/1m; 30000/1m with the simulator',
    example: '3000/1m',
  }),
  WAITING_LIMIT: variable(most(), {
    description:
      'Logins that may wait for their people at one instance at the same time; or off. Above it a new login gets a page that asks for another try in a moment, and /readyz answers 503 with the status full. Logins that wait already go on.',
    defaultText: '5000',
    example: '5000',
  }),
};

/** Undefined: unlimited. */
export interface LimitsConfig {
  readonly person: Rate | undefined;
  readonly address: Rate | undefined;
  readonly client: Rate | undefined;
  /** Milliseconds. */
  readonly pushWaits: readonly number[] | undefined;
  readonly requests: Rate | undefined;
  /** Logins that wait at one instance. */
  readonly waiting: number | undefined;
}

const MINUTE_MS = 60_000;
const TEN_MINUTES_MS = 10 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** What one instance was measured with. (docs/performance.md) */
const WAITING_LOGINS = 5_000;

/**
 * With the simulator, limits are higher: developers and test suites use a few test accounts from many browsers at one
 * address, which looks like an attack, and there is no real phone to protect.
 */
export function limitsConfig(
  limits: SectionValues<typeof limitsSection>,
  { simulated }: { simulated: boolean },
): LimitsConfig {
  const lax = (usual: Rate, simulator: Rate) => (simulated ? simulator : usual);
  return {
    person: unlessOff(
      limits.RATE_PERSON,
      lax({ count: 10, perMs: HOUR_MS }, { count: 1_000, perMs: TEN_MINUTES_MS }),
    ),
    address: unlessOff(
      limits.RATE_ADDRESS,
      lax({ count: 100, perMs: TEN_MINUTES_MS }, { count: 1_000, perMs: TEN_MINUTES_MS }),
    ),
    client: unlessOff(limits.RATE_CLIENT, { count: 6_000, perMs: TEN_MINUTES_MS }),
    pushWaits: unlessOff(
      limits.RATE_PUSH,
      simulated ? undefined : [0, 30_000, 2 * MINUTE_MS, TEN_MINUTES_MS, HOUR_MS],
    ),
    requests: unlessOff(
      limits.RATE_REQUESTS,
      lax({ count: 3_000, perMs: MINUTE_MS }, { count: 30_000, perMs: MINUTE_MS }),
    ),
    waiting: unlessOff(limits.WAITING_LIMIT, WAITING_LOGINS),
  };
}

function unlessOff<T>(value: T | 'off' | undefined, fallback: T | undefined): T | undefined {
  return value === 'off' ? undefined : (value ?? fallback);
}
