import type { Tables } from '../database.ts';

/**
 * Every table that has a `sealed` column, with the columns that name a row and that its sealed value is bound to: moved to
 * another one it does not open. An attempt is bound to its interaction as well, so that nobody gets another one's as theirs.
 */
export const SEALED_TABLES = {
  login_attempt: ['interaction_hash', 'id'],
  oidc_record: ['model', 'id_hash'],
  login_result: ['grant_hash'],
  known_browser: ['token_hash', 'person_hash'],
  signing_key: ['kid'],
  kept_secret: ['name'],
  audit_key: ['key_id'],
} as const satisfies { readonly [Table in keyof Tables]?: readonly (keyof Tables[Table])[] };

export type SealedTable = keyof typeof SEALED_TABLES;

export type KeyOf<Table extends SealedTable> = Readonly<
  Record<(typeof SEALED_TABLES)[Table][number], string>
>;

/** The context that a row's value is sealed for. */
export function contextOf<Table extends SealedTable>(table: Table, key: KeyOf<Table>): string {
  const columns: readonly (keyof KeyOf<Table>)[] = SEALED_TABLES[table];
  return [table, ...columns.map((column) => key[column])].join(':');
}
