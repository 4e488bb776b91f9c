import { randomBytes } from 'node:crypto';
import type { PendingLogin, Visitor } from './relying-party.ts';

/** A browser that visits, known by a random id in a cookie. */
export interface Visit {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Logins that have begun, by state; more than one when several tabs log in at once. */
  readonly logins: Map<string, PendingLogin>;
  /** Set once logged in. */
  readonly visitor?: Visitor;
}

export interface Visits {
  find(id: string | undefined): Visit | undefined;
  findOrCreate(id: string | undefined): Visit;
  addLogin(visit: Visit, login: PendingLogin): void;
  /** The login that this state belongs to. It can be taken once. */
  takeLogin(visit: Visit, state: unknown): PendingLogin | undefined;
  /** Puts a logged-in visit, with an id of its own, in the place of this one. */
  logIn(visit: Visit, visitor: Visitor): Visit;
  remove(visit: Visit): void;
}

const LIFETIME_MS = 60 * 60_000;
const MAX_VISITS = 1_000;
const MAX_LOGINS = 10;

/** Keeps visits in memory, for an hour each, and forgets the oldest when there are too many. */
export function createVisits(now: () => number): Visits {
  const visits = new Map<string, Visit>();

  return {
    find,
    findOrCreate: (id) => find(id) ?? add(new Map()),
    addLogin({ logins }, login) {
      logins.set(login.state, login);
      dropOldest(logins, MAX_LOGINS);
    },
    takeLogin({ logins }, state) {
      if (typeof state !== 'string') return undefined;
      const login = logins.get(state);
      logins.delete(state);
      return login;
    },
    logIn(visit, visitor) {
      visits.delete(visit.id);
      return add(visit.logins, visitor);
    },
    remove(visit) {
      visits.delete(visit.id);
    },
  };

  function find(id: string | undefined): Visit | undefined {
    const visit = id === undefined ? undefined : visits.get(id);
    return visit && now() < visit.createdAt + LIFETIME_MS ? visit : undefined;
  }

  function add(logins: Visit['logins'], visitor?: Visitor): Visit {
    const id = randomBytes(32).toString('base64url');
    const visit = { id, createdAt: now(), logins, ...(visitor ? { visitor } : {}) };
    visits.set(id, visit);
    dropOldest(visits, MAX_VISITS);
    return visit;
  }
}

/** A Map remembers the order in which its entries came. */
function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
