/** What happens to Sild: Smart-ID, the database, the clock, the keys, the instances. */
import fc from 'fast-check';
import { KeyError } from '../../../src/oidc/keys/key-schedule.ts';
import type { SmartIdState } from '../system/smart-id-front.ts';
import { anyNumber, command, loginAt, type ModelCommand, type Real } from './command.ts';

const always = () => true;

function instanceOf(real: Real, index: number) {
  const alive = real.alive();
  return alive[index % alive.length];
}

export const worldCommands: readonly fc.Arbitrary<ModelCommand>[] = [
  fc.constantFrom<SmartIdState>('up', 'up', 'slow', 'failing', 'down', 'answers_lost').map((state) =>
    command('Smart-ID', { state }, always, async (_, real) => {
      real.setSmartId(state);
    }),
  ),
  fc
    .record({
      instance: anyNumber,
      kind: fc.constantFrom('away' as const, 'answer_lost' as const),
      at: fc.integer({ min: 1, max: 24 }),
      count: fc.constantFrom(1, 1, 2, 4),
    })
    .map(({ instance, ...fault }) =>
      command('database error', { instance, ...fault }, always, async (facts, real) => {
        facts.faulty = true;
        instanceOf(real, instance)?.faults.plan(fault);
      }),
    ),
  fc
    .record({
      instance: anyNumber,
      kind: fc.constantFrom('killed_before' as const, 'killed_after' as const),
      at: fc.integer({ min: 1, max: 24 }),
    })
    .map(({ instance, ...fault }) =>
      command('instance killed', { instance, ...fault }, always, async (facts, real) => {
        // One must be left, and nothing else may be about to die.
        if (real.alive().length < 2) return;
        facts.faulty = true;
        for (const { faults } of real.alive()) faults.heal();
        instanceOf(real, instance)?.faults.plan({ ...fault, count: 1 });
      }),
    ),
  fc.constant(
    command('audit away', {}, always, async (_, real) => {
      for (const instance of real.alive()) instance.setAuditAway(true);
    }),
  ),
  fc
    .constantFrom(
      1_000,
      3_000,
      6_000,
      20_000,
      60_000,
      95_000,
      130_000,
      16 * 60_000,
      3 * 3_600_000,
      -2_000,
      -120_000,
    )
    .map((ms) =>
      command('clock', { ms }, always, async (facts, real) => {
        if (ms < 0) facts.setBack = true;
        real.system.clock.move(ms);
      }),
    ),
  fc.constant(
    command('rotate the keys', {}, always, async (_, real) => {
      try {
        await real.system.keys.rotate();
      } catch (error) {
        if (!(error instanceof KeyError)) throw error;
      }
      for (const { openId, faults } of real.alive()) {
        faults.heal();
        await openId.keepKeys();
      }
    }),
  ),
  fc.constant(
    command('remove expired rows', {}, always, async (_, real) => {
      await real.system.store.removeExpired({ auditDays: 365 });
    }),
  ),
  fc.record({ login: anyNumber }).map(({ login }) =>
    command(
      'redeem',
      { login },
      (facts) => (loginAt(facts, login)?.codes.size ?? 0) > 0,
      async (facts, real) => {
        const chosen = loginAt(facts, login);
        if (chosen) await real.relyingParties.redeem(chosen);
      },
    ),
  ),
];
