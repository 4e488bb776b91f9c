/**
 * Rows as logins leave them, in any number: those of real logins are copied under other keys, so they have their shape, size
 * and proportion. Each table gets expired rows and rows that do not expire within the hour.
 */
import type pg from 'pg';

/** What a copied row has instead of what its original has; `n` is its number, `expired` whether it is. */
interface Copied {
  readonly table: string;
  readonly columns: Readonly<Record<string, string>>;
}

const HASH = `translate(encode(sha256((n || expired::text)::bytea), 'base64'), '+/=', '-_')`;
/** In the order in which logins would have written them: expired ones over ten hours, the others over half an hour. */
const WRITTEN = `now() - case when expired then interval '12 hours' - n * interval '10 hours' / total
  else interval '30 minutes' - n * interval '30 minutes' / total end`;
const EXPIRES = `case when expired then ${WRITTEN} else now() + interval '2 hours' + n * interval '1 hour' / total end`;
const OVER_A_YEAR = `interval '400 days'`;

const COPIED: readonly Copied[] = [
  {
    table: 'login_attempt',
    columns: {
      id: `md5(n || expired::text)`,
      interaction_hash: HASH,
      state: 'state',
      // Without a place: the original's delivery may not have been noticed yet.
      live: 'false',
      sealed: 'sealed',
      created_at: WRITTEN,
    },
  },
  {
    table: 'oidc_record',
    columns: {
      model: 'model',
      id_hash: HASH,
      sealed: 'sealed',
      grant_hash: `case when grant_hash is null then null else ${HASH} end`,
      uid_hash: `case when uid_hash is null then null else ${HASH} end`,
      expires_at: EXPIRES,
      consumed_at: 'consumed_at',
    },
  },
  { table: 'login_result', columns: { grant_hash: HASH, sealed: 'sealed', expires_at: EXPIRES } },
  {
    table: 'audit_event',
    columns: {
      position: `(select max(position) from audit_event) + n`,
      at: `at - case when expired then ${OVER_A_YEAR} else interval '1 day' end`,
      instance: 'instance',
      number: 'n',
      key_id: 'key_id',
      event: 'event',
      data: `data || jsonb_build_object('attempt', md5(n || expired::text))`,
      hash: 'hash',
      written_at: `now() - case when expired then ${OVER_A_YEAR} else interval '1 day' end`,
    },
  },
];

/** Counters that logins would have left behind with limits: one for an address and one for a person, of each login. */
const COUNTERS = `
  insert into rate_limit (key_hash, spent_until)
    select 'address:' || ${HASH}, ${EXPIRES} from $rows;
  insert into person_limit (person_hash, spent_until, attempt_id, unanswered, next_push_at)
    select ${HASH}, ${EXPIRES}, md5(n::text), 0, ${EXPIRES} from $rows`;

export interface Filled {
  readonly expired: number;
  readonly others: number;
}

/**
 * Adds about as many rows, of all tables together. What is in the tables must be the rows of a few logins.
 *
 * The audit of these logins is made older than everything: it is removed in its order.
 */
export async function fill(client: pg.Client, wanted: Filled): Promise<void> {
  const samples = await countSamples(client);
  const attempts = samples.get('login_attempt') ?? 0;
  const all = [...samples.values()].reduce((sum, rows) => sum + rows, 2 * attempts);
  await client.query(`
    alter table audit_event disable trigger user;
    update audit_event set written_at = written_at - interval '500 days';`);
  for (const { table } of COPIED) {
    await client.query(`create temporary table sample_${table} as
      select *, row_number() over () - 1 as sample from ${table}`);
  }
  for (const expired of [true, false]) {
    const of = (rows: number) => Math.round(((expired ? wanted.expired : wanted.others) * rows) / all);
    for (const copied of COPIED) await copy(client, copied, of(samples.get(copied.table) ?? 0), expired);
    await client.query(COUNTERS.replaceAll('$rows', rowsOf(of(attempts), expired)));
  }
  await client.query(`alter table audit_event enable trigger user`);
  for (const { table } of COPIED) await client.query(`drop table sample_${table}`);
  await client.query('vacuum analyze');
  await client.query('checkpoint');
}

async function copy(client: pg.Client, { table, columns }: Copied, total: number, expired: boolean) {
  await client.query(`
    insert into ${table} (${Object.keys(columns).join(', ')})
    select ${Object.values(columns).join(', ')}
    from ${rowsOf(total, expired)}
    join sample_${table} on sample = n % (select count(*) from sample_${table})
    order by n`);
}

function rowsOf(total: number, expired: boolean): string {
  return `(select n, ${expired} as expired, ${total} as total from generate_series(1, ${total}) as n) as wanted`;
}

async function countSamples(client: pg.Client): Promise<ReadonlyMap<string, number>> {
  const counted = new Map<string, number>();
  for (const { table } of COPIED) {
    const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from ${table}`);
    counted.set(table, rows[0]?.count ?? 0);
  }
  return counted;
}
