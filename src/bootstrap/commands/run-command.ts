/** Runs a command on an open store, in a process of its own or in a running instance. */
import { randomUUID } from 'node:crypto';
import { createAudit } from '../../audit/audit.ts';
import type { StoreCommand, StoreCommandContext } from '../../commands/store-command.ts';
import type { Logger } from '../../log/logger.ts';
import type { OperatorSettings } from '../../oidc/login-settings/login-settings.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Store } from '../../store/store.ts';
import { withRepeatedWrites } from './repeated-writes.ts';

/** How long a command waits for the audit to be written, in milliseconds. */
const AUDIT_CLOSE_MS = 10_000;

/** What a command works with. */
export interface CommandFoundation {
  /** What a client is validated against. */
  readonly operator: OperatorSettings;
  readonly store: Store;
  readonly secrets: Secrets;
  readonly log: Logger;
  readonly now: () => number;
}

/** Where the lines of a command go. */
export interface CommandOutput {
  /** Rejects when the reader has closed the output. */
  readonly print: (line: string) => Promise<void>;
  /** The last line: it is printed in any case. */
  readonly printLast: (line: string) => void;
  readonly complain: (line: string) => void;
}

/**
 * Runs a command on an open store. Reported lines are printed only after the audit has stored the command's events, or failed
 * to: the reader may end the process at the first line, and a change must not be missing from the audit. For the same
 * reason a signal does not end a command at once.
 *
 * @returns the exit status of the command; 1 when the audit could not be written
 */
export async function runCommand(
  command: StoreCommand,
  { operator, store, secrets, log, now }: CommandFoundation,
  environment: StoreCommandContext['environment'],
  { print, printLast, complain }: CommandOutput,
): Promise<number> {
  const audit = createAudit({
    store: store.audit,
    log,
    pseudonym: (value) => secrets.pseudonym(value),
    instance: randomUUID(),
    now,
  });
  const lines: string[] = [];
  let unwritten = 0;
  let status: number;
  try {
    status = await command({
      operator,
      store: withRepeatedWrites(store),
      secrets,
      audit,
      environment,
      now,
      report: (line) => lines.push(line),
      print,
      complain,
    });
  } finally {
    unwritten = await audit.close(AUDIT_CLOSE_MS);
    for (const line of lines) printLast(line);
  }
  if (unwritten === 0) return status;
  complain('It is done, but the audit does not have it: the database did not take it.');
  return 1;
}
