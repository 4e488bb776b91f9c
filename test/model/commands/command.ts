import fc from 'fast-check';
import type { Facts, Login, PhoneSession } from '../facts.ts';
import type { RelyingParties } from '../relying-party.ts';
import type { Run } from '../run.ts';

export interface Real extends Run {
  readonly relyingParties: RelyingParties;
}

export type ModelCommand = fc.AsyncCommand<Facts, Real>;

/** How often each kind of command was carried out in this process. */
export const executed = new Map<string, number>();

/**
 * A command.
 *
 * @param name with its parameters, as a failure prints it
 * @param check whether it makes sense now
 */
export function command(
  name: string,
  parameters: Readonly<Record<string, unknown>>,
  check: (facts: Readonly<Facts>) => boolean,
  act: (facts: Facts, real: Real) => Promise<unknown>,
): ModelCommand {
  return {
    check,
    async run(facts, real) {
      executed.set(name, (executed.get(name) ?? 0) + 1);
      await act(facts, real);
    },
    toString: () => `${name} ${JSON.stringify(parameters)}`,
  };
}

/** Commands choose by a number among what there is. */
export const anyNumber = fc.nat({ max: 11 });

/** A login that has its pages, the newest first. */
export function loginAt({ logins }: Readonly<Facts>, index: number): (Login & { path: string }) | undefined {
  const begun = logins.filter((login): login is Login & { path: string } => login.path !== undefined);
  return begun.at(-1 - (index % Math.max(1, begun.length)));
}

/** One of the newest sessions. */
export function sessionAt(
  { logins }: Readonly<Facts>,
  index: number,
  matches: (session: PhoneSession) => boolean,
): { readonly login: Login; readonly session: PhoneSession } | undefined {
  const all = logins.flatMap((login) => login.sessions.map((session) => ({ login, session })));
  const found = all.filter(({ session }) => matches(session));
  return found.at(-1 - (index % Math.max(1, found.length)));
}
