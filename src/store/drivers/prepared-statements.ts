/** Names under which statements are prepared. */
import { createHash } from 'node:crypto';

/** The server keeps each in the memory of each connection. Sild has some fifty. */
const MAX_NAMES = 200;

/**
 * A statement gets a name when it comes for the second time: those that come once, and those of many lengths (rows that are
 * inserted together), would fill the memory of the server. The name is a hash of the text, so that no two statements share one.
 */
export function createStatementNames(): (statement: string) => string | undefined {
  const seen = new Set<string>();
  const names = new Map<string, string>();
  return (statement) => {
    const name = names.get(statement);
    if (name !== undefined || names.size >= MAX_NAMES) return name;
    if (!seen.has(statement)) {
      // Statements that came once are forgotten from time to time.
      if (seen.size >= MAX_NAMES) seen.clear();
      seen.add(statement);
      return undefined;
    }
    const made = createHash('sha256').update(statement).digest('base64url');
    names.set(statement, made);
    return made;
  };
}
