import { z } from 'zod';

/** What the generated documentation says of a variable besides its schema. */
export interface VariableMeta {
  readonly description: string;
  /** How the default reads in the documentation, where it depends on other variables. */
  readonly defaultText?: string;
  /** May also be given as `NAME_FILE`, the path of a file that holds the value. */
  readonly secret?: boolean;
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
export function portOrOff(fallback: number): z.ZodType<number | 'off'> {
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
      if (!URL.canParse(value)) return false;
      const { protocol, username, password, hash } = new URL(value);
      return schemes.includes(protocol.slice(0, -1)) && username + password + hash === '';
    },
    // Later refinements may then rely on a URL.
    {
      abort: true,
      error: `must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    },
  );
}

/** `true` or `false`, spelled so. */
export function flag(fallback: boolean): z.ZodType<boolean> {
  return z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .transform((value) => value === 'true')
    .default(fallback);
}
