import type { Audit } from '../../audit/audit.ts';
import type { AuditFigures } from '../../audit/figures.ts';
import type { AuditStore } from '../../audit/audit-store.ts';

/** Dependencies of the commands of the audit. */
export interface AuditCommandContext {
  readonly store: Pick<AuditStore, 'view'>;
  readonly figures: Pick<AuditFigures, 'rebuild'>;
  /** Whether the answer is one JSON document; that of `export` is JSON lines in either case. Default: false. */
  readonly json?: boolean | undefined;
  readonly audit: Audit;
  /** Resolves when the output can accept another line. */
  readonly print: (line: string) => Promise<void>;
  /** Prints an error line. */
  readonly complain: (line: string) => void;
}
