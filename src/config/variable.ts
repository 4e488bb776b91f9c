import { z } from 'zod';

/** Documentation of a variable besides its schema. */
export interface VariableMeta {
  readonly description: string;
  /** Text for the default in the documentation, when it depends on other variables. */
  readonly defaultText?: string;
  /** May also be given as `NAME_FILE`, the path of a file that holds the value. */
  readonly secret?: boolean;
  /** Has several values, so its schema is that of a list: separated by commas, or one per line in the file. */
  readonly list?: boolean;
  readonly example?: string;
}

/** One section of the environment: variable names, each with its schema. */
export type Section = Readonly<Record<string, Variable>>;

export interface Variable<T = unknown> {
  readonly schema: z.ZodType<T>;
  readonly meta: VariableMeta;
}

export type SectionValues<S extends Section> = {
  readonly [K in keyof S]: S[K] extends Variable<infer T> ? T : never;
};

export function variable<T>(schema: z.ZodType<T>, meta: VariableMeta): Variable<T> {
  return { schema, meta };
}

/** A TCP port as the environment writes it. */
export function port(fallback: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number, 1 to 65535')
    .transform(Number)
    .refine((value) => value >= 1 && value <= 65535, 'must be a port number, 1 to 65535')
    .default(fallback);
}

/** A TCP port, or `off`. */
export function portOrOff(fallback: number | 'off'): z.ZodType<number | 'off'> {
  const message = 'must be a port number, 1 to 65535, or off';
  return z
    .string()
    .regex(/^(?:\d{1,5}|off)$/, message)
    .transform((value) => (value === 'off' ? value : Number(value)))
    .refine((value) => value === 'off' || (value >= 1 && value <= 65535), message)
    .default(fallback);
}

/** An absolute URL of one of the given schemes, without credentials or fragment. */
export function url(...schemes: readonly string[]): z.ZodType<string> {
  return z.string().refine(
    (value) => {
      // A URL parser accepts `https:host` too, and reads a backslash as a slash.
      if (!schemes.some((scheme) => value.toLowerCase().startsWith(`${scheme}://`))) return false;
      if (!URL.canParse(value) || value.includes('\\')) return false;
      const { username, password, hash } = new URL(value);
      return username + password + hash === '';
    },
    // Later refinements can assume a valid URL.
    {
      abort: true,
      error: `must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    },
  );
}

/** The origin of an absolute URL of one of the given schemes, which has neither a path nor a query. */
export function origin(...schemes: readonly string[]): z.ZodType<string> {
  return url(...schemes)
    .refine(
      (value) => new URL(value).pathname === '/' && !value.includes('?'),
      'must have no path and no query',
    )
    .transform((value) => new URL(value).origin);
}

/** Whether each `%` of a text encodes something. Users and passwords in URLs are percent-decoded. */
export function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** The name of an HTTP header; in lower case. @param message for a value of another form */
export function headerName(form: RegExp, message: string): z.ZodType<string> {
  return z
    .string()
    .regex(form, message)
    .transform((name) => name.toLowerCase());
}

/** `true` or `false`; false by default. */
export function trueOrFalse(): z.ZodType<boolean> {
  return z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .transform((value) => value === 'true');
}

/** `count` events per `perMs` milliseconds. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_MS = 7 * 86_400_000;

/** A rate like `10/1h`, or `off`. */
export function rate(): z.ZodType<Rate | 'off' | undefined> {
  const error = 'must be a number and a time, like 10/1h, or off';
  return z
    .string()
    .regex(/^(?:off|[1-9]\d{0,6}\/[1-9]\d{0,4}[smhd])$/, error)
    .transform((text) => {
      const [count, per] = text.split('/');
      return per === undefined ? 'off' : { count: Number(count), perMs: millisecondsOf(per) };
    })
    .refine((value) => value === 'off' || value.perMs <= LONGEST_MS, 'must not be for longer than 7d')
    .optional();
}

/** Times like `0s,30s,2m`, in milliseconds, or `off`. */
export function durations(): z.ZodType<readonly number[] | 'off' | undefined> {
  return z
    .string()
    .regex(/^(?:off|\d{1,5}[smhd](?:,\d{1,5}[smhd])*)$/, 'must be times, like 0s,30s,2m,10m,1h, or off')
    .transform((text) => (text === 'off' ? 'off' : text.split(',').map(millisecondsOf)))
    .refine(
      (value) => value === 'off' || value.every((duration) => duration <= LONGEST_MS),
      'must not be longer than 7d',
    )
    .optional();
}

/** The milliseconds of a time like `90s`, `15m`, `8h` or `7d`; NaN for any other text. */
export function millisecondsOf(text: string): number {
  const [, count, unit = ''] = /^(\d{1,5})([smhd])$/.exec(text) ?? [];
  return Number(count) * (UNIT_MS[unit] ?? NaN);
}

/** A whole number above zero, or `off`. */
export function most(): z.ZodType<number | 'off' | undefined> {
  return z
    .string()
    .regex(/^(?:off|[1-9]\d{0,6})$/, 'must be a number, 1 to 9999999, or off')
    .transform((text) => (text === 'off' ? 'off' : Number(text)))
    .optional();
}

/** `true` (1), `false` (0), or a number. */
export function count(fallback: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^(?:true|false|[1-9])$/, 'must be true, false or a number, 1 to 9')
    .transform((value) => (value === 'true' ? 1 : value === 'false' ? 0 : Number(value)))
    .default(fallback);
}
