import type { Tables } from '../database.ts';

/**
 * Every table with a `sealed` column, and the columns that identify a row. The sealed value is bound to them: moved to
 * another row, it cannot be decrypted. An attempt is also bound to its interaction, so that it cannot be moved to another
 * browser's interaction.
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

/** The context (additional authenticated data) that a row's value is sealed for. */
export function contextOf<Table extends SealedTable>(table: Table, key: KeyOf<Table>): string {
  const columns: readonly (keyof KeyOf<Table>)[] = SEALED_TABLES[table];
  return [table, ...columns.map((column) => key[column])].join(':');
}
