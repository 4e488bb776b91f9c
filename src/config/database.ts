import { z } from 'zod';
import { looksRandom } from '../looks-random.ts';
import { databaseUrl } from './database-url.ts';
import { type SectionValues, variable } from './variable.ts';

const KEY_PROBLEM =
  'must have at least 32 characters, made at random: openssl rand -base64 48 (a comma separates keys; one that has a comma itself belongs in SECRET_KEY_FILE)';

const POOLERS = ['none', 'transaction'] as const;

/** Where Sild stores its state, and the key that protects it. */
export const databaseSection = {
  DATABASE_URL: variable(databaseUrl().optional(), {
    description:
      'The PostgreSQL database for all state: docs/operations.md has TLS, sockets, schemas and poolers. Without it, Sild runs an embedded PGlite database in DATA_DIR.',
    secret: true,
    example: 'postgres://sild:password@db.internal:5432/sild',
  }),
  DATABASE_POOLER: variable(z.enum(POOLERS, { error: 'must be none or transaction' }).default('none'), {
    description:
      'transaction: DATABASE_URL leads to a pooler in transaction mode, such as PgBouncer, which keeps no state of a session: docs/operations.md.',
  }),
  DATA_DIR: variable(z.string().min(1).default('./data'), {
    description:
      'Directory of the embedded database, of its SECRET_KEY and of the simulator. Created if missing.',
  }),
  SECRET_KEY: variable(secretKeys().optional(), {
    description:
      'At least 32 random characters, from which Sild derives the keys of its cookies, its sealed records and its log pseudonyms. The same on every instance. It has several values while it is being changed: the first encrypts and signs, all decrypt and verify (docs/operations.md). Separated by commas, or one per line in the file.',
    defaultText: 'generated at the first start and stored in DATA_DIR; required with DATABASE_URL',
    secret: true,
    list: true,
  }),
  KEY_ROTATION_DAYS: variable(rotationDays(), {
    description:
      'Days after which a key that signs ID tokens is replaced by the next one, which is published in advance; or off.',
  }),
  AUDIT_DAYS: variable(
    z
      .string()
      .regex(/^[1-9]\d{0,4}$/, 'must be a number of days, 1 to 99999')
      .transform(Number)
      .default(365),
    { description: 'Days for which the audit keeps an event: docs/operations.md.' },
  ),
};

export interface DatabaseConfig {
  /** Undefined: the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** What is between Sild and PostgreSQL. */
  readonly databasePooler: (typeof POOLERS)[number];
  readonly dataDir: string;
  /** The first encrypts and signs; all decrypt and verify. Undefined: generated and stored in `dataDir`. */
  readonly secretKeys: readonly [string, ...string[]] | undefined;
  /** Days until a signing key is rotated. Undefined: no automatic rotation. */
  readonly keyRotationDays: number | undefined;
  /** Retention of audit events, in days. */
  readonly auditDays: number;
}

export function databaseConfig(database: SectionValues<typeof databaseSection>): DatabaseConfig {
  return {
    databaseUrl: database.DATABASE_URL,
    databasePooler: database.DATABASE_POOLER,
    dataDir: database.DATA_DIR,
    secretKeys: database.SECRET_KEY,
    keyRotationDays: database.KEY_ROTATION_DAYS,
    auditDays: database.AUDIT_DAYS,
  };
}

function secretKeys(): z.ZodType<readonly [string, ...string[]]> {
  const key = z.string(KEY_PROBLEM).min(32, KEY_PROBLEM).refine(looksRandom, KEY_PROBLEM);
  return z.tuple([key], key, { error: KEY_PROBLEM });
}

/** Undefined: never. */
function rotationDays(): z.ZodType<number | undefined> {
  return z
    .string()
    .default('90')
    .refine(
      (text) => text === 'off' || /^[1-9]\d{0,3}$/.test(text),
      'must be a number of days, 1 to 9999, or off',
    )
    .transform((text) => (text === 'off' ? undefined : Number(text)));
}
