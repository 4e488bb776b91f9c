/**
 * Runs the CLI commands that use the database:
 *
 *   PostgreSQL, or the embedded database of a stopped Sild ─▶ the command opens it
 *   the embedded database of a running Sild                ─▶ its instance runs the command: command-socket.ts
 */
import { once } from 'node:events';
import type { StoreCommand } from '../../commands/store-command.ts';
import { type Config, loadConfig } from '../../config/config.ts';
import { createLogger } from '../../log/logger.ts';
import { StoreError } from '../../store/errors.ts';
import { askRunningInstance } from './command-socket.ts';
import { type CommandFoundation, type CommandOutput, runCommand } from './run-command.ts';
import { openConfiguredStore } from '../open-store.ts';
import { operatorSettingsOf } from '../operator-settings.ts';
import { onStopSignal } from '../stop-signals.ts';

/** SIGINT, or the reader has closed the pipe (EPIPE): the command exits quietly. */
export class Interrupted extends Error {}

let readerHasGone = false;
process.stdout.on('error', () => {
  readerHasGone = true;
});

/**
 * Runs a command of this process, in the running instance if that has the embedded database open.
 *
 * @param words the command as it was typed
 * @returns the exit status
 */
export async function runHere(
  words: readonly string[],
  command: StoreCommand,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const config = loadConfig(environment);
  let interrupted = false;
  onStopSignal(() => {
    interrupted = true;
    complain('Finishing what was begun; another signal ends it at once.');
  });
  const output: CommandOutput = {
    async print(line) {
      if (interrupted) throw new Interrupted();
      await writeLine(line);
    },
    printLast: printLine,
    complain,
  };
  let foundation: CommandFoundation;
  try {
    foundation = await openFoundationOf(config);
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'data_dir_in_use')) throw error;
    const call = { words, directory: process.cwd(), environment };
    const status = await askRunningInstance(config.dataDir, call, output);
    if (status === undefined) throw error;
    return status;
  }
  try {
    return await runCommand(command, foundation, environment, output);
  } finally {
    await foundation.store.close();
  }
}

async function openFoundationOf(config: Config): Promise<CommandFoundation> {
  const now = () => Date.now();
  // At a terminal the command's own output is enough; a log collector also gets the audit's log lines.
  const level = process.stderr.isTTY ? 'warn' : config.logLevel;
  const log = createLogger({ level, destination: process.stderr });
  const opened = await openConfiguredStore(config, { now, log });
  return { operator: operatorSettingsOf(config.smartId), ...opened, log, now };
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
