/** Counts what this process asks of PostgreSQL. Import it before anything opens a connection. */
import pg from 'pg';
import type { Statements } from './messages.ts';

const BEGIN = /^\s*(?:begin|start transaction)\b/i;
const END = /^\s*(?:commit|rollback)\b/i;

let statements = 0;
let commits = 0;
const inTransaction = new WeakSet<pg.Client>();

type Query = (this: pg.Client, ...given: unknown[]) => unknown;
const prototype = pg.Client.prototype as unknown as { query: Query };
const query = prototype.query;
prototype.query = function (...given) {
  const [first] = given;
  const text = typeof first === 'string' ? first : String((first as { readonly text?: unknown }).text);
  if (BEGIN.test(text)) {
    inTransaction.add(this);
  } else if (END.test(text)) {
    inTransaction.delete(this);
    commits += 1;
  } else {
    statements += 1;
    if (!inTransaction.has(this)) commits += 1;
  }
  return query.apply(this, given);
};

export function countedStatements(): Statements {
  return { statements, commits };
}
