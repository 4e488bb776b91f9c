/** Context of the CLI commands that use the database: store, audit, and output that handles a closed pipe. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type Audit, createAudit } from '../audit/audit.ts';
import { loadConfig } from '../config/config.ts';
import { createLogger } from '../log/logger.ts';
import { embeddedSecretKey } from '../secrets/embedded-secret-key.ts';
import { createSecrets, type Secrets } from '../secrets/secrets.ts';
import { openStore, type Store } from '../store/store.ts';
import { makeDataDirectory } from './data-directory.ts';
import { onStopSignal } from './stop-signals.ts';

/** How long a command waits for the audit to be written, in milliseconds. */
const AUDIT_CLOSE_MS = 10_000;

/** SIGINT, or the reader has closed the pipe (EPIPE): the command exits quietly. */
export class Interrupted extends Error {}

let readerHasGone = false;
process.stdout.on('error', () => {
  readerHasGone = true;
});

/** Passed to each command that uses the store. */
export interface CommandContext {
  readonly store: Store;
  readonly audit: Audit;
  readonly secrets: Secrets;
  /** Prints a line after the audit has stored the command's events. */
  readonly report: (line: string) => void;
  /** Prints a line at once. @throws {Interrupted} after a signal, or when the reader has closed the pipe */
  readonly print: (line: string) => Promise<void>;
}

/**
 * Opens the store for a command. Reported lines are printed only after the audit has stored the command's events, or failed
 * to: the reader may end the process at the first line, and a change must not be missing from the audit. For the same
 * reason a signal does not end the command at once.
 *
 * @returns the result of the command; 1 when the audit could not be written
 */
export async function withStore<T>(
  environment: NodeJS.ProcessEnv,
  act: (context: CommandContext) => Promise<T>,
): Promise<T | 1> {
  const config = loadConfig(environment);
  if (config.databaseUrl === undefined) await makeDataDirectory(config.dataDir);
  const secrets = createSecrets(...(config.secretKeys ?? (await embeddedSecretKey(config.dataDir))));
  const now = () => Date.now();
  // At a terminal the command's own output is enough; a log collector also gets the audit's log lines.
  const level = process.stderr.isTTY ? 'warn' : config.logLevel;
  const log = createLogger({ level, destination: process.stderr });
  const { databaseUrl, databasePooler, dataDir } = config;
  const store = await openStore({ databaseUrl, databasePooler, dataDir, secrets, now, log });
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

/** Waits for a slow reader. @throws {Interrupted} when the reader has closed the pipe */
async function writeLine(line: string): Promise<void> {
  const acceptsMore = process.stdout.write(`${line}\n`);
  if (!acceptsMore) await once(process.stdout, 'drain').catch(() => undefined);
  if (readerHasGone) throw new Interrupted();
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
