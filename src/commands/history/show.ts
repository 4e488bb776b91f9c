import type { AuditRow } from '../../audit/audit-store.ts';
import { parseReference } from '../../reference.ts';
import { jsonText, timeText } from '../json-output.ts';
import { onlyOne, UsageError } from '../usage.ts';
import type { AuditCommandContext } from './context.ts';
import { explanationOf, storyOf } from '../../story/story.ts';

/**
 * `sild audit show REFERENCE`.
 *
 * @returns the exit status: 1 if nothing has this reference
 */
export function showCommand(args: readonly string[]): (context: AuditCommandContext) => Promise<0 | 1> {
  const typed = onlyOne(args, 'The REFERENCE');
  const reference = parseReference(typed);
  if (reference === undefined) {
    throw new UsageError(
      `“${typed}” is no reference: a character is wrong. It is like K7Q4-M2XF, without 0, 1, I, O and U.`,
    );
  }
  return (context) => show(reference, context);
}

async function show(reference: string, context: AuditCommandContext): Promise<0 | 1> {
  const { store, json = false, print, complain } = context;
  const stories = await store.view(async ({ rows }) => {
    const found = await all(rows({ reference }));
    // A request of a login leads to the whole login.
    const logins = [
      ...new Set(found.flatMap(({ data }) => (typeof data.reference === 'string' ? [data.reference] : []))),
    ];
    const others = logins.filter((each) => each !== reference);
    const more = await Promise.all(others.map((each) => all(rows({ reference: each }))));
    return byLogin([...found, ...more.flat()]);
  });
  if (json) await print(jsonText({ reference, stories: stories.map(documentOf) }));
  else {
    for (const [index, story] of stories.entries()) {
      for (const line of [...(index > 0 ? [''] : []), ...storyOf(story)]) await print(line);
    }
  }
  if (stories.length > 0) return 0;
  complain(
    `The audit has nothing with the reference ${reference}. It may be older than AUDIT_DAYS; of a request that changed nothing, the log has the line.`,
  );
  return 1;
}

/** A story for each attempt, and one for the events that belong to no attempt. In order of their beginning. */
function byLogin(rows: readonly AuditRow[]): readonly (readonly AuditRow[])[] {
  const distinct = [...new Map(rows.map((row) => [row.position, row])).values()];
  const sorted = distinct.sort((a, b) => a.position - b.position);
  return [...Map.groupBy(sorted, ({ data }) => data.attempt).values()];
}

function documentOf(rows: readonly AuditRow[]) {
  const explanation = rows.map(explanationOf).findLast((found) => found !== undefined);
  return {
    events: rows.map(({ at, event, data, position }) => ({ time: timeText(at), event, position, data })),
    ...(explanation && { means: explanation.means, todo: explanation.todo }),
  };
}

async function all(rows: AsyncIterable<AuditRow>): Promise<AuditRow[]> {
  const found: AuditRow[] = [];
  for await (const row of rows) found.push(row);
  return found;
}
