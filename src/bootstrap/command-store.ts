/** What a command of the CLI that works on the database is given: store, audit, and a way to print that ends well. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type Audit, createAudit } from '../audit/audit.ts';
import { loadConfig } from '../config/config.ts';
import { createLogger } from '../log/logger.ts';
import { embeddedSecretKey } from '../secrets/embedded-secret-key.ts';
import { createSecrets, type Secrets } from '../secrets/secrets.ts';
import { openStore, type Store } from '../store/store.ts';
import { onStopSignal } from './stop-signals.ts';

/** How long a command waits for the audit. */
const AUDIT_CLOSE_MS = 10_000;

/** SIGINT, or the reader has closed the pipe (EPIPE): the command exits quietly. */
export class Interrupted extends Error {}

let readerHasGone = false;
process.stdout.on('error', () => {
  readerHasGone = true;
});

/** What a command with a store works with. */
export interface CommandContext {
  readonly store: Store;
  readonly audit: Audit;
  readonly secrets: Secrets;
  /** Prints a line once the audit has stored what was done. */
  readonly report: (line: string) => void;
  /** Prints a line at once. @throws {Interrupted} after a signal, or when the reader has closed the pipe */
  readonly print: (line: string) => Promise<void>;
}

/**
 * Opens the store for a command. Reported lines are printed after the audit has stored the command's events, or has failed
 * to: a reader may end the process at the first line, and a change must not be missing from the audit. A signal waits too.
 *
 * @returns the result of the command; 1 when the audit could not be written
 */
export async function withStore<T>(
  environment: NodeJS.ProcessEnv,
  act: (context: CommandContext) => Promise<T>,
): Promise<T | 1> {
  const config = loadConfig(environment);
  const secrets = createSecrets(...(config.secretKeys ?? (await embeddedSecretKey(config.dataDir))));
  const now = () => Date.now();
  // At a terminal the command's own output is enough; a log collector gets the lines of the audit.
  const level = process.stderr.isTTY ? 'warn' : config.logLevel;
  const log = createLogger({ level, destination: process.stderr });
  const { databaseUrl, dataDir } = config;
  const store = await openStore({ databaseUrl, dataDir, secrets, now, log });
  const audit = createAudit({
    store: store.audit,
    log,
    pseudonym: (value) => secrets.pseudonym(value),
    instance: randomUUID(),
    now,
  });
  const lines: string[] = [];
  let interrupted = false;
  onStopSignal(() => {
    interrupted = true;
    complain('Finishing what was begun; another signal ends it at once.');
  });
  let unwritten = 0;
  let result: T;
  try {
    result = await act({
      store,
      audit,
      secrets,
      report: (line) => lines.push(line),
      async print(line) {
        if (interrupted) throw new Interrupted();
        await writeLine(line);
      },
    });
  } finally {
    unwritten = await audit.close(AUDIT_CLOSE_MS);
    for (const line of lines) printLine(line);
    await store.close();
  }
  if (unwritten === 0) return result;
  complain('It is done, but the audit does not have it: the database did not take it.');
  return 1;
}

/** Waits when the reader is slower. @throws {Interrupted} when the reader has closed the pipe */
async function writeLine(line: string): Promise<void> {
  const hasRoom = process.stdout.write(`${line}\n`);
  if (!hasRoom) await once(process.stdout, 'drain').catch(() => undefined);
  if (readerHasGone) throw new Interrupted();
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
