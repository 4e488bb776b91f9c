import type { RecordBatch, RecordStore } from '../../src/oidc/stores.ts';

/**
 * The records, with each statement in the hands of a test.
 *
 * @param run gets the name and model of a statement, e.g. `find Session` or `removeGrant`; a batch has the model of what it consumes
 */
export function aroundStatements(
  records: RecordStore,
  run: (statement: string, execute: () => Promise<unknown>) => Promise<unknown>,
): RecordStore {
  return Object.fromEntries(
    Object.entries(records).map(([name, method]: [string, unknown]) => [
      name,
      (...about: readonly unknown[]) =>
        run(statementOf(name, about[0]), () =>
          (method as (...about: readonly unknown[]) => Promise<unknown>)(...about),
        ),
    ]),
  ) as unknown as RecordStore;
}

function statementOf(name: string, first: unknown): string {
  // They name a grant, not a model.
  if (name.endsWith('Grant')) return name;
  const model = typeof first === 'string' ? first : String((first as RecordBatch).consume?.[0]?.model);
  return `${name} ${model}`;
}
