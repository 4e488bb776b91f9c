import { randomBytes } from 'node:crypto';
import type { PendingLogin, Visitor } from './relying-party.ts';

/** A browser session, identified by a random ID in a cookie. */
export interface Visit {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Pending logins by state; several tabs may log in at the same time. */
  readonly logins: Map<string, PendingLogin>;
  /** Set after login. */
  readonly visitor?: Visitor;
}

export interface Visits {
  find(id: string | undefined): Visit | undefined;
  findOrCreate(id: string | undefined): Visit;
  addLogin(visit: Visit, login: PendingLogin): void;
  /** Removes and returns the pending login with this state. */
  takeLogin(visit: Visit, state: unknown): PendingLogin | undefined;
  /** Replaces the visit with a logged-in one that has a new ID. */
  logIn(visit: Visit, visitor: Visitor): Visit;
  remove(visit: Visit): void;
}

const LIFETIME_MS = 60 * 60_000;
const MAX_VISITS = 1_000;
const MAX_LOGINS = 10;

/** Stores visits in memory for one hour each, and drops the oldest ones when there are too many. */
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

/** A Map iterates in insertion order. */
function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
