import { z } from 'zod';

/** What an instance says of itself with each heartbeat. A newer release may say more, an older one less. */
export const gaugesSchema = z.object({
  /** Logins that wait for a person to confirm. */
  waitingLogins: z.number(),
  circuit: z.string(),
  /** The connections to a database server; absent with the embedded database. */
  pool: z.object({ inUse: z.number(), idle: z.number(), waiting: z.number() }).optional(),
  /** 99 % of the delays of the event loop since the heartbeat before were shorter, in milliseconds. */
  eventLoopLagMs: z.number(),
  /** Events that wait to be written to the audit. */
  queuedEvents: z.number(),
  /** Events since the start that are only in the log. */
  lostEvents: z.number(),
  /** When the TLS certificate expires that Smart-ID has presented last, in milliseconds since the epoch. */
  smartIdTlsExpires: z.number().optional(),
});

export type InstanceGauges = z.infer<typeof gaugesSchema>;

/** Times in milliseconds since the epoch. */
export interface Heartbeat {
  readonly id: string;
  readonly version: string;
  readonly startedAt: number;
  /** Whether the instance has ended as it should. */
  readonly stopped: boolean;
  readonly gauges: InstanceGauges;
}

export interface SeenInstance extends Omit<Heartbeat, 'gauges'> {
  readonly seenAt: number;
  /** Milliseconds since the last heartbeat, by the clock that all instances share. */
  readonly unseenMs: number;
  /** Undefined: of a release whose gauges this one cannot read. */
  readonly gauges: InstanceGauges | undefined;
}

/** The instances that work on this database. */
export interface InstanceStore {
  beat(heartbeat: Heartbeat): Promise<void>;
  /** The newest 100, also those that have gone within a day. */
  list(): Promise<readonly SeenInstance[]>;
  /** Removes those that have been gone for a day; returns their number. */
  removeGone(): Promise<number>;
}

/** How often an instance says that it is there, in milliseconds. */
export const HEARTBEAT_MS = 15_000;
/** Three heartbeats are missing. */
const GONE_MS = 3 * HEARTBEAT_MS + 5_000;

export type InstanceState = 'running' | 'stopped' | 'gone';

/** An instance whose heartbeats are missing counts as gone: it can have ended without a word, or have lost the database. */
export function stateOf({ stopped, unseenMs }: Pick<SeenInstance, 'stopped' | 'unseenMs'>): InstanceState {
  if (stopped) return 'stopped';
  return unseenMs > GONE_MS ? 'gone' : 'running';
}
