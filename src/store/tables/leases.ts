import { type Kysely, sql } from 'kysely';
import type { Tables } from '../database.ts';
import type { SharedClock } from '../drivers/shared-clock.ts';

/**
 * Work that one instance at a time does. It is a row and not a lock of the database: a pooler in transaction mode loses such a
 * lock, and a lock of a dead instance lasts as long as its connection.
 */
export interface LeaseStore {
  /**
   * Takes or renews a lease, for a time that begins now. When it is over, or its holder has died, another one can take it.
   *
   * @returns whether `holder` has it now
   */
  claim(name: string, holder: string, ms: number): Promise<boolean>;
}

export function createLeaseStore(db: Kysely<Tables>, clock: SharedClock): LeaseStore {
  return {
    async claim(name, holder, ms) {
      const { rows } = await sql`
        insert into lease as held (name, holder, until) values (${name}, ${holder}, ${clock(ms)})
        on conflict (name) do update set holder = excluded.holder, until = excluded.until
        where held.holder = excluded.holder or held.until <= ${clock()}
        returning 1`.execute(db);
      return rows.length === 1;
    },
  };
}
