import { type Faults, KilledError, outage } from './faulty-driver.ts';

export type FaultKind =
  /** The statement does not reach the database. */
  | 'away'
  /** The statement is done, its answer is lost. */
  | 'answer_lost'
  /** The instance dies before the statement. */
  | 'killed_before'
  /** The instance dies after the statement. */
  | 'killed_after';

export interface Fault {
  readonly kind: FaultKind;
  /** Of the statements from now on, the first that fails; 1 is the next one. */
  readonly at: number;
  /** How many statements fail. */
  readonly count: number;
}

export interface FaultPlan extends Faults {
  /** Replaces what was planned. */
  plan(fault: Fault): void;
  /** The database is back. */
  heal(): void;
  kill(): void;
  isDead(): boolean;
  /** How many statements have failed so far. */
  failures(): number;
}

/** @param onKill called once, when the instance dies */
export function createFaultPlan(onKill: () => void): FaultPlan {
  let fault: Fault | undefined;
  let statements = 0;
  let failures = 0;
  let dead = false;
  return {
    plan(next) {
      fault = next;
      statements = 0;
    },
    heal() {
      fault = undefined;
    },
    kill,
    isDead: () => dead,
    failures: () => failures,
    before() {
      if (dead) throw new KilledError();
      if (!fault) return;
      statements += 1;
      const { kind } = fault;
      if (!isDue(fault)) return;
      failures += 1;
      if (kind === 'away') throw outage();
      if (kind === 'killed_before') {
        kill();
        throw new KilledError();
      }
    },
    after() {
      if (dead) throw new KilledError();
      if (!fault || !isDue(fault)) return;
      if (fault.kind === 'answer_lost') throw outage();
      if (fault.kind === 'killed_after') {
        kill();
        throw new KilledError();
      }
    },
  };

  function isDue({ at, count }: Fault): boolean {
    return statements >= at && statements < at + count;
  }

  function kill(): void {
    if (dead) return;
    dead = true;
    onKill();
  }
}
