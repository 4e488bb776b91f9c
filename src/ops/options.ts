/** What the operator's page is built of, and what it shows beside figures and heartbeats. */
import type { AuditFigures } from '../audit/figures.ts';
import type { Logger } from '../log/logger.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { InstanceStore } from './instance-store.ts';

/** What expires, or is to be replaced. */
export interface Expiry {
  readonly kind: 'signing key' | 'trust anchor' | 'TLS certificate';
  readonly name: string;
  /** Milliseconds since the epoch; undefined: never by itself, or it cannot be read. */
  readonly at: number | undefined;
  /** The days before it in which it is worth attention. */
  readonly warningDays: number;
  readonly note: string;
}

export interface ShownClient {
  readonly id: string;
  readonly name: string;
}

export interface OpsOptions {
  readonly token: string;
  /** Origins at which the page is reached. Requests for other hosts are refused. */
  readonly origins: readonly string[];
  readonly issuer: string;
  readonly secrets: Pick<Secrets, 'cookieKeys'>;
  readonly figures: Omit<AuditFigures, 'rebuild'>;
  readonly instances: Pick<InstanceStore, 'list'>;
  readonly clients: () => Promise<readonly ShownClient[]>;
  readonly expiries: () => Promise<readonly Expiry[]>;
  readonly pins: readonly string[];
  readonly auditDays: number;
  /** Whether an error says that the database cannot be used for now. */
  readonly isOutage: (error: unknown) => boolean;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
