import { z } from 'zod';

const problemSchema = z.object({
  errors: z
    .array(z.object({ code: z.string().optional(), paramName: z.string().optional() }))
    .optional()
    .catch(undefined),
});

/** The details in the body of an error response. (RFC 9457; SK's schema `ExtendedProblemDetailsJson`) */
export interface Problem {
  /** `errors[].code`, e.g. `NO_SUITABLE_ACCOUNT_FOUND`. */
  readonly codes: readonly string[];
  /** `errors[].paramName`: the parameters that Smart-ID rejects. */
  readonly parameters: readonly string[];
}

const NO_PROBLEM: Problem = { codes: [], parameters: [] };

/**
 * Reads the body of an error response. A missing or unexpected body yields no details. Codes and parameter names that
 * do not have the syntax of the protocol's names are omitted, since they are logged.
 */
export function readProblem(body: unknown): Problem {
  const parsed = problemSchema.safeParse(body);
  if (!parsed.success) return NO_PROBLEM;
  const errors = parsed.data.errors ?? [];
  return {
    codes: errors.flatMap(({ code }) => (code !== undefined && /^[A-Z_]{1,64}$/.test(code) ? [code] : [])),
    parameters: errors.flatMap(({ paramName: name }) =>
      name !== undefined && /^[A-Za-z]+(?:[.-][A-Za-z]+)*$/.test(name) && name.length <= 64 ? [name] : [],
    ),
  };
}
