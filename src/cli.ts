#!/usr/bin/env node
/**
 * `npx sild COMMAND`: thin, each command calls a room.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type Audit, createAudit } from './audit/audit.ts';
import { auditCommand } from './commands/audit.ts';
import { clientCommand } from './commands/client.ts';
import { keysCommand } from './commands/keys.ts';
import { trustCommand } from './commands/trust.ts';
import { fullUsage, isUsageError, requireNoMore, unknownCommand, usageOf } from './commands/usage.ts';
import { type Config, loadConfig, loadSmartIdConfig } from './config/config.ts';
import { doctor } from './doctor/doctor.ts';
import { createLogger } from './log/logger.ts';
import { main } from './main.ts';
import { createClientRegistry } from './oidc/clients/clients.ts';
import { embeddedSecretKey } from './secrets/embedded-secret-key.ts';
import { createSecrets, type Secrets } from './secrets/secrets.ts';
import { KNOWN_AUTHORITIES } from './smart-id/known-authorities.ts';
import { reasonOfCommand } from './bootstrap/start-error.ts';
import { onStopSignal } from './bootstrap/stop-signals.ts';
import { openStore, type Store } from './store/store.ts';
import { trustSettings } from './trust/settings.ts';

/** How long a command waits for the audit. */
const AUDIT_CLOSE_MS = 10_000;

/** A signal, or nobody who reads: nothing to tell anybody, since somebody wanted it. */
class Interrupted extends Error {}

let readerHasGone = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  readerHasGone = true;
});

const words = process.argv.slice(2);
const [command, ...args] = words;

try {
  if (command === undefined || command === 'help') print(fullUsage());
  else if (words.some((word) => word === '--help' || word === '-h')) help();
  else process.exitCode = await run(command);
} catch (error) {
  if (isUsageError(error)) {
    complain(`${error.message}\n\n${usageOf(words)}`);
    process.exitCode = 2;
  } else {
    if (!(error instanceof Interrupted)) process.stderr.write(reasonOfCommand(error));
    process.exitCode = 1;
  }
}

function help(): void {
  const typed = words.filter((word) => !word.startsWith('-'));
  print(typed.length === 0 ? fullUsage() : usageOf(typed));
}

/**
 * What was typed is understood before anything is opened.
 *
 * @returns the exit status
 */
async function run(name: string): Promise<number> {
  switch (name) {
    case 'serve':
      requireNoMore(args);
      return main();
    case 'migrate':
      requireNoMore(args);
      await withStore(() => Promise.resolve());
      print('The database is up to date.\n');
      return 0;
    case 'client': {
      const act = clientCommand(args);
      return withStore(({ store: { records }, audit, report }) =>
        act({ clients: createClientRegistry(records), audit, print: report }),
      );
    }
    case 'doctor':
      requireNoMore(args);
      return doctor({
        environment: process.env,
        known: KNOWN_AUTHORITIES,
        now: () => Date.now(),
        log: createLogger({ level: 'error' }),
        print: printLine,
      });
    case 'audit': {
      const act = auditCommand(args);
      return withStore(({ store, audit, print }) => act({ store: store.audit, audit, print, complain }));
    }
    case 'trust':
      return trust();
    case 'keys': {
      const act = keysCommand(args);
      return withStore(({ store, secrets, audit, report }) =>
        act({ store, secrets, audit, now: () => Date.now(), print: report }),
      );
    }
    default:
      throw unknownCommand(name);
  }
}

async function trust(): Promise<0 | 1> {
  const act = trustCommand(args);
  const smartId = loadSmartIdConfig(process.env);
  const settings = trustSettings(smartId, KNOWN_AUTHORITIES);
  if (settings) return act(settings, { fetch, now: new Date(), print: printLine });
  complain('Set TRUST_DIR, the directory of the CA certificates to trust. The simulator needs none.');
  return 1;
}

/** What a command with a store works with. */
interface Opened {
  readonly store: Store;
  readonly audit: Audit;
  readonly secrets: Secrets;
  /** Takes a line of what is told once the audit has what was done. */
  readonly report: (line: string) => void;
  /** Prints a line at once. @throws {Interrupted} where nobody wants more */
  readonly print: (line: string) => Promise<void>;
}

/**
 * Opens the store for a command. What it reports comes out when the audit has it, or cannot have it: whoever reads it may
 * end the process at once, and what was changed would be in no audit. A signal waits for the same.
 */
async function withStore<T>(act: (opened: Opened) => Promise<T>): Promise<T | 1> {
  const config: Config = loadConfig(process.env);
  const secrets = createSecrets(...(config.secretKeys ?? (await embeddedSecretKey(config.dataDir))));
  const now = () => Date.now();
  // Who looks at a terminal reads what the command says; what collects lines gets those of the audit.
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

function print(text: string): void {
  process.stdout.write(text);
}

function printLine(line: string): void {
  print(`${line}\n`);
}

/** Waits where whoever reads is slower. @throws {Interrupted} where they have gone */
async function writeLine(line: string): Promise<void> {
  const hasRoom = process.stdout.write(`${line}\n`);
  if (!hasRoom) await once(process.stdout, 'drain').catch(() => undefined);
  if (readerHasGone) throw new Interrupted();
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
