import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Logger } from '../log/logger.ts';
import { keptSecretKey, lostSecretKey, SecretKeyError } from '../secrets/embedded-secret-key.ts';
import { createSecrets } from '../secrets/secrets.ts';
import { StoreError } from '../store/errors.ts';
import { type DatabaseInspection, inspectDatabase } from '../store/inspection.ts';
import type { MigrationObstacle } from '../store/writes.ts';
import type { Finding } from './finding.ts';

export type DatabaseConfig = Pick<Config, 'databaseUrl' | 'databasePooler' | 'dataDir' | 'secretKeys'>;
type PresentDatabase = Extract<DatabaseInspection, { kind: 'there' }>;

/** Checks that the database answers and fits this release, and that SECRET_KEY decrypts its rows. Changes nothing. */
export async function checkDatabase(config: DatabaseConfig, log: Logger): Promise<Finding[]> {
  const embedded = config.databaseUrl === undefined;
  try {
    const secretKeys = config.secretKeys ?? (embedded ? await keptSecretKey(config.dataDir) : undefined);
    const secrets = secretKeys && createSecrets(...secretKeys);
    const inspection = await inspectDatabase({ ...config, log }, secrets);
    if (inspection.kind === 'absent') {
      return [
        { level: 'ok', subject: 'database', text: `embedded, made in ${config.dataDir} at the first start` },
      ];
    }
    return [
      versionFinding(inspection, embedded),
      ...writeFindings(inspection),
      ...(embedded ? [] : limitFindings(inspection)),
      embedded && secretKeys === undefined ? lostKey(config) : secretKeyFinding(inspection.opens, config),
    ];
  } catch (error) {
    return [findingOfError(error)];
  }
}

function versionFinding({ version, pending, newer }: PresentDatabase, embedded: boolean): Finding {
  const subject = 'database';
  const name = `${embedded ? 'embedded ' : ''}PostgreSQL ${version}`;
  if (newer.length > 0) {
    const text = `${name}, of a newer release, which this one may be one release behind:`;
    return { level: 'warning', subject, text, details: newer };
  }
  if (pending.length > 0) {
    return {
      level: 'ok',
      subject,
      text: `${name}, brought up to this release at the next start:`,
      details: pending,
    };
  }
  return { level: 'ok', subject, text: `${name}, up to date` };
}

/** Whether the next start can run the pending migrations, or logins can be written. */
function writeFindings({ obstacles, refusal }: PresentDatabase): Finding[] {
  return [...obstacles.map(textOf), ...(refusal === undefined ? [] : [refusal.message])].map((text) => ({
    level: 'problem',
    subject: 'database',
    text,
  }));
}

function limitFindings({ limitsStatements }: PresentDatabase): Finding[] {
  if (limitsStatements) return [];
  const text =
    'statements have no time limit, since a pooler drops it (ignore_startup_parameters): set DATABASE_POOLER=transaction';
  return [{ level: 'warning', subject: 'database', text }];
}

function textOf(obstacle: MigrationObstacle): string {
  switch (obstacle.kind) {
    case 'read_only':
      return 'takes no writes, as a standby does, so the next start fails: let DATABASE_URL lead to the primary, or end default_transaction_read_only';
    case 'no_schema':
      return 'no schema of the search path exists, so the next start fails: create it, or correct search_path';
    case 'may_not_create': {
      const { role, schema } = obstacle;
      return `the role "${role}" may not create in the schema "${schema}", so the next start fails: grant create on schema "${schema}" to "${role}"`;
    }
    case 'not_owner': {
      const { role, tables } = obstacle;
      return `the role "${role}" does not own ${tables.join(', ')}, so the next start fails: let it own them, or run npx sild migrate as their owner`;
    }
  }
}

function secretKeyFinding(opens: boolean | undefined, config: DatabaseConfig): Finding {
  const subject = 'SECRET_KEY';
  switch (opens) {
    case true:
      return { level: 'ok', subject, text: 'opens what the database keeps' };
    case false:
      return {
        level: 'problem',
        subject,
        text: `does not open what the database keeps: it was sealed with another one${unusedKey(config)}`,
      };
    case undefined:
      return { level: 'ok', subject, text: 'nothing is sealed with it yet' };
  }
}

/** Where the key of the embedded database may be, if not in SECRET_KEY. */
function unusedKey({ databaseUrl, secretKeys, dataDir }: DatabaseConfig): string {
  const path = join(dataDir, 'secret-key');
  if (databaseUrl !== undefined || !secretKeys || !existsSync(path)) return '';
  return `, perhaps the one in ${path}, which counts only while SECRET_KEY is not set`;
}

function lostKey({ dataDir }: DatabaseConfig): Finding {
  return { level: 'problem', subject: 'SECRET_KEY', text: lostSecretKey(dataDir) };
}

/** @throws other errors than StoreError and SecretKeyError */
function findingOfError(error: unknown): Finding {
  if (error instanceof SecretKeyError)
    return { level: 'problem', subject: 'SECRET_KEY', text: error.message };
  if (!(error instanceof StoreError)) throw error;
  const subject = 'database';
  if (error.code === 'data_dir_in_use') {
    // The running Sild checked both when it started.
    const text = 'embedded, used by a running Sild, and so not examined; nor is SECRET_KEY';
    return { level: 'ok', subject, text };
  }
  return { level: 'problem', subject, text: error.message };
}
