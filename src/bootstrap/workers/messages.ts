/** What the first process and its workers tell each other over the channel of node:cluster. */
import type { MetricsSnapshot } from '../../metrics/processes.ts';

export type ToWorker =
  /** `stop`: drain, as at SIGTERM. `replace`: another worker is ready, and takes every new connection. */
  { readonly kind: 'stop' } | { readonly kind: 'replace' } | { readonly kind: 'metrics' };

export type FromWorker =
  | { readonly kind: 'ready' }
  /** It cannot start. The text is a sentence for the operator, with its line break; an outage is one of the database. */
  | { readonly kind: 'failed'; readonly text: string; readonly isOutage: boolean }
  | { readonly kind: 'metrics'; readonly snapshot: MetricsSnapshot };
