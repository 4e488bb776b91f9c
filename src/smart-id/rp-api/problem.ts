import { z } from 'zod';

const problemSchema = z.object({
  errors: z
    .array(z.object({ code: z.string().optional(), paramName: z.string().optional() }))
    .optional()
    .catch(undefined),
});

/** What an error's body adds to its status (RFC 9457, SK's schema `ExtendedProblemDetailsJson`). */
export interface Problem {
  /** `errors[].code`, e.g. `NO_SUITABLE_ACCOUNT_FOUND`. */
  readonly codes: readonly string[];
  /** `errors[].paramName`: the parameters that Smart-ID objects to. */
  readonly parameters: readonly string[];
}

const NO_PROBLEM: Problem = { codes: [], parameters: [] };

/**
 * Reads an error's body, which may as well be missing or anything else: then it adds nothing. Codes and parameter names
 * are taken only where they look like words of the protocol, since they go into the operator's log.
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
