import { z } from 'zod';
import { variable } from './variable.ts';

/** Where Sild keeps its state and the key that protects it. */
export const databaseSection = {
  DATABASE_URL: variable(postgresUrl().optional(), {
    description:
      'PostgreSQL to keep all state in. Without it, Sild runs an embedded PGlite database in DATA_DIR.',
    secret: true,
    example: 'postgres://sild:password@db.internal:5432/sild',
  }),
  DATA_DIR: variable(z.string().min(1).default('./data'), {
    description:
      'Directory of the embedded database, of its SECRET_KEY and of the simulator. Made when missing.',
  }),
  SECRET_KEY: variable(
    z
      .string()
      .min(32, 'must have at least 32 characters, made at random: openssl rand -base64 48')
      .optional(),
    {
      description:
        'At least 32 random characters, from which Sild derives the keys of its cookies, its sealed records and its log pseudonyms. The same on every instance.',
      defaultText: 'made on the first start and kept in DATA_DIR; required with DATABASE_URL',
      secret: true,
    },
  ),
  AUDIT_DAYS: variable(
    z
      .string()
      .regex(/^[1-9]\d{0,4}$/, 'must be a number of days, 1 to 99999')
      .transform(Number)
      .default(365),
    { description: 'For how many days the audit keeps an event: docs/operations.md.' },
  ),
};

function postgresUrl(): z.ZodType<string> {
  return z
    .string()
    .refine(
      (value) => URL.canParse(value) && /^postgres(ql)?:$/.test(new URL(value).protocol),
      'must be a URL that begins with postgres://',
    );
}
