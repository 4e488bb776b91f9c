#!/usr/bin/env -S node --max-semi-space-size=16 --heap-growing-percent=30
/**
 * `npx sild COMMAND`: parses the words and calls the command. Each command loads only the modules that it needs.
 */
import { JSON_OPTION, withoutJsonOption } from './commands/json-output.ts';
import { fullUsage, isUsageError, requireNoMore, unknownCommand, usageOf } from './commands/usage.ts';
import { loadEnvFile } from './config/env-file.ts';
import { systemReason } from './system-reason.ts';

let isUnwritten = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader has closed the pipe; writing a line finds out.
  if (error.code === 'EPIPE' || isUnwritten) return;
  isUnwritten = true;
  // The command goes on: what it does must not end half-way, and the database is closed.
  complain(
    `The output cannot be written (${systemReason(error)}). What the command changes is changed all the same.`,
  );
});
process.on('exit', () => {
  if (isUnwritten) process.exitCode = 1;
});

const problem = loadEnvFile();
const { words, json } = withoutJsonOption(process.argv.slice(2));
const [command, ...args] = words;

try {
  if (command === undefined || command === 'help') print(fullUsage());
  else if (words.some((word) => word === '--help' || word === '-h')) help();
  else if (problem === undefined) process.exitCode = await run(command);
  else {
    complain(problem);
    process.exitCode = 1;
  }
} catch (error) {
  if (isUsageError(error)) {
    complain(`${error.message}\n\n${usageOf(words)}`);
    process.exitCode = 2;
  } else {
    process.stderr.write(await reasonOf(error));
    process.exitCode = 1;
  }
}

function help(): void {
  const typed = words.filter((word) => !word.startsWith('-'));
  print(typed.length === 0 ? fullUsage() : usageOf(typed));
}

/**
 * Arguments are parsed before anything is opened.
 *
 * @returns the exit status
 */
async function run(name: string): Promise<number> {
  switch (name) {
    case 'serve': {
      requireNoMore(args);
      const { main } = await import('./main.ts');
      return main();
    }
    case 'doctor': {
      const links = args.includes('--links');
      requireNoMore(args.filter((arg) => arg !== '--links'));
      const { doctor } = await import('./doctor/doctor.ts');
      const { createLogger } = await import('./log/logger.ts');
      const { KNOWN_AUTHORITIES } = await import('./smart-id/known-authorities.ts');
      return doctor({
        environment: process.env,
        known: KNOWN_AUTHORITIES,
        now: () => Date.now(),
        log: createLogger({ level: 'error' }),
        print: printLine,
        json,
        links,
      });
    }
    case 'migrate':
    case 'client':
    case 'audit':
    case 'report':
    case 'browsers':
    case 'keys': {
      const { storeCommand } = await import('./commands/store-command.ts');
      const typed = json ? [...words, JSON_OPTION] : words;
      const act = await storeCommand(typed, process.cwd());
      const { runHere } = await import('./bootstrap/commands/run-here.ts');
      return runHere(typed, act, process.env);
    }
    case 'trust':
      return trust();
    case 'receipt':
      return receipt();
    default:
      throw unknownCommand(name);
  }
}

async function trust(): Promise<0 | 1> {
  const { trustCommand } = await import('./commands/trust.ts');
  const act = trustCommand(args);
  const { loadSmartIdConfig } = await import('./config/config.ts');
  const { KNOWN_AUTHORITIES } = await import('./smart-id/known-authorities.ts');
  const { trustSettings } = await import('./trust/settings.ts');
  const smartId = loadSmartIdConfig(process.env);
  const settings = trustSettings(smartId, KNOWN_AUTHORITIES);
  if (settings) {
    const { createDispatcher } = await import('./http/dispatcher.ts');
    const dispatcher = createDispatcher({ proxies: smartId.proxies });
    return act(settings, { dispatcher, now: new Date(), print: printLine, json });
  }
  complain('Set TRUST_DIR, the directory of the CA certificates to trust. The simulator needs none.');
  return 1;
}

async function receipt(): Promise<0 | 1> {
  const { receiptCommand } = await import('./commands/receipt.ts');
  const act = receiptCommand(args);
  const { loadSmartIdConfig } = await import('./config/config.ts');
  const { KNOWN_AUTHORITIES } = await import('./smart-id/known-authorities.ts');
  const { trustSettings } = await import('./trust/settings.ts');
  return act({
    directory: process.cwd(),
    trust: () => trustSettings(loadSmartIdConfig(process.env), KNOWN_AUTHORITIES),
    now: new Date(),
    print: printLine,
    complain,
    json,
  });
}

/** Empty after an interruption, which needs no explanation. */
async function reasonOf(error: unknown): Promise<string> {
  const { Interrupted } = await import('./bootstrap/commands/run-here.ts');
  if (error instanceof Interrupted) return '';
  const { reasonOfCommand } = await import('./bootstrap/start-error.ts');
  return reasonOfCommand(error);
}

function print(text: string): void {
  process.stdout.write(text);
}

function printLine(line: string): void {
  print(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
