/** One whole login for each statement of the database that can fail in it, and for each way in which it can. */
import { clientAt } from './clients.ts';
import { beginLogin } from './commands/browser.ts';
import { command } from './commands/command.ts';
import { answerPush, openLink, returnTo } from './commands/phone.ts';
import { personAt } from './people.ts';
import { runCommands } from './property.ts';
import type { Fault } from './system/fault-plan.ts';
import type { System } from './system/system.ts';

const FLOWS = ['push', 'QR', 'Web2App'] as const;
const KINDS = ['away', 'answer_lost', 'killed_before', 'killed_after'] as const;
/** More than one of two instances needs for a login. */
const STATEMENTS = Array.from({ length: 16 }, (_, index) => index + 1);

/**
 * @param every only each so manieth login, from the one with this number
 * @returns how many logins that were
 * @throws Error with the login and the fault
 */
export async function failEveryStatement(system: System, every = 1, from = 0): Promise<number> {
  const all = FLOWS.flatMap((flow) =>
    [0, 1].flatMap((instance) =>
      KINDS.flatMap((kind) => STATEMENTS.map((at) => ({ flow, instance, fault: { kind, at, count: 1 } }))),
    ),
  );
  const chosen = all.filter((_, index) => index % every === from % every);
  for (const { flow, instance, fault } of chosen) await failOne(system, flow, instance, fault);
  return chosen.length;
}

async function failOne(
  system: System,
  flow: (typeof FLOWS)[number],
  instance: number,
  fault: Fault,
): Promise<void> {
  const always = () => true;
  const planFault = command('database error', { instance, ...fault }, always, async (facts, real) => {
    facts.faulty = true;
    real.instances[instance]?.faults.plan(fault);
  });
  const login = command('login', { flow }, always, async (_, real) => {
    const opened = await real.open({ client: clientAt(1), browser: 1, expected: undefined });
    if (!(await beginLogin(real, opened, flow, 0))) return;
    if (flow !== 'push') await openLink(real, opened, flow, 'confirm', personAt(0));
    const session = opened.sessions.at(-1);
    if (!session) return;
    if (flow === 'push') await answerPush(real, session, 'confirm');
    await returnTo(real, opened, session, false, false);
    await real.relyingParties.redeem(opened);
  });
  try {
    await runCommands(system, [planFault, login]);
  } catch (error) {
    throw new Error(`${flow}, instance ${instance}, ${JSON.stringify(fault)}`, { cause: error });
  }
}
