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
import { type Config, loadConfig, loadSmartIdConfig } from './config/config.ts';
import { LANGUAGES } from './config/languages.ts';
import { doctor } from './doctor/doctor.ts';
import { createLogger } from './log/logger.ts';
import { main } from './main.ts';
import { createClientRegistry } from './oidc/clients.ts';
import { embeddedSecretKey } from './secrets/embedded-secret-key.ts';
import { createSecrets, type Secrets } from './secrets/secrets.ts';
import { KNOWN_AUTHORITIES } from './smart-id/known-authorities.ts';
import { reasonNotToStart } from './start-error.ts';
import { openStore, type Store } from './store/store.ts';
import { trustCommand } from './trust/command.ts';
import { trustSettings } from './trust/settings.ts';

const USAGE = `Usage: sild COMMAND

  serve                 Start Sild (the same as npm start)
  migrate               Bring the database up to this release
  doctor                Check configuration, database, trust, Smart-ID’s TLS certificate and the clock
  trust list            List the CA certificates in TRUST_DIR
  trust add FILE        Put the issuing CAs of a file into TRUST_DIR, if they are Smart-ID’s
    --roots               the roots as well
  trust fetch           Download those of SMARTID_ENVIRONMENT that are missing, from SK
    --roots               the roots as well
    --from URL            from there instead; may be repeated
  trust check           Say what is missing, what expires when, and whether Sild would start
  client add ID         Register a client; prints its secret once
    --redirect-uri URI    where to return to after a login; may be repeated, at least one
    --name NAME           what people know the client as (default: its ID)
    --name#LANGUAGE NAME    the same in a language: ${LANGUAGES.join(', ')}
    --display-text TEXT   what the Smart-ID app shows (default: Log in to NAME)
    --display-text#LANGUAGE TEXT   the same in a language
    --logo FILE           its logo, a PNG or SVG of at most 50 kB
    --accent COLOUR       the colour of its buttons and links, like '#0a6e5c'
    --uri URI             its home page
    --post-logout-redirect-uri URI   where to return to after a logout; may be repeated
    --public              a client without a secret: a browser or mobile app
    --no-pkce             do not require PKCE, for clients that cannot do it
  client list           List the clients
  client remove ID      Remove a client
  audit verify          Say whether the audit is whole, and where it ends
    --since HEAD          and still has what ended there before
  audit export          Print the audit as JSON lines
    --from TIME           from that day or time on: 2031-04-05, 2031-04-05T12:00:00Z
    --to TIME             before that day or time
    --person IDENTIFIER   of one person alone: PNOEE-47101010033
  keys list             List the keys that sign ID tokens, and which SECRET_KEY seals how much
  keys rotate           Let the next keys sign from now on
    --now                 replace every key at once: they are compromised
  keys retire KID       Remove a key that does not sign, before its time
  keys reencrypt        Seal everything in the database with the first SECRET_KEY

All settings are environment variables: docs/configuration.md
`;

/** How long a command waits for the audit. */
const AUDIT_CLOSE_MS = 10_000;

const [command, ...args] = process.argv.slice(2);

try {
  switch (command) {
    case 'serve':
      await main();
      break;
    case 'migrate':
      await withStore(() => Promise.resolve());
      print('The database is up to date.\n');
      break;
    case 'client':
      await withStore(async ({ records }, audit) => {
        endWith(
          await clientCommand(args, { clients: createClientRegistry(records), audit, print: printLine }),
        );
      });
      break;
    case 'doctor':
      process.exitCode = await doctor({
        environment: process.env,
        known: KNOWN_AUTHORITIES,
        now: () => Date.now(),
        log: createLogger({ level: 'error' }),
        print: printLine,
      });
      break;
    case 'audit':
      await withStore(async (store, audit) => {
        const context = { store: store.audit, audit, print: writeLine, complain };
        endWith(await auditCommand(args, context));
      });
      break;
    case 'trust':
      await trust();
      break;
    case 'keys':
      await withStore(async (store, audit, secrets) => {
        endWith(await keysCommand(args, { store, secrets, audit, now: () => Date.now(), print: printLine }));
      });
      break;
    default:
      usage(command === undefined || command === 'help' || command === '--help' ? 0 : 2);
  }
} catch (error) {
  if (isUsageError(error)) {
    process.stderr.write(`${error.message}\n\n`);
    usage(2);
  } else {
    process.stderr.write(reasonNotToStart(error));
    process.exitCode = 1;
  }
}

async function trust(): Promise<void> {
  const smartId = loadSmartIdConfig(process.env);
  const settings = trustSettings(smartId, KNOWN_AUTHORITIES);
  if (!settings) {
    process.stderr.write(
      'Set TRUST_DIR, the directory of the CA certificates to trust. The simulator needs none.\n',
    );
    process.exitCode = 1;
    return;
  }
  const status = await trustCommand(args, settings, {
    fetch,
    now: new Date(),
    print: printLine,
  });
  endWith(status);
}

/** With the status of a command, or how it is used. */
function endWith(status: 0 | 1 | undefined): void {
  if (status === undefined) usage(2);
  else process.exitCode = status;
}

async function withStore(
  act: (store: Store, audit: Audit, secrets: Secrets) => Promise<void>,
): Promise<void> {
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
  try {
    await act(store, audit, secrets);
  } finally {
    if ((await audit.close(AUDIT_CLOSE_MS)) > 0) {
      complain('It is done, but the audit does not have it: the database did not take it.');
      process.exitCode = 1;
    }
    await store.close();
  }
}

function usage(exitCode: number): void {
  (exitCode === 0 ? process.stdout : process.stderr).write(USAGE);
  process.exitCode = exitCode;
}

/** An option that `parseArgs` does not know, or one without its value. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

function print(text: string): void {
  process.stdout.write(text);
}

function printLine(line: string): void {
  print(`${line}\n`);
}

/** Waits where whoever reads is slower. */
async function writeLine(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
