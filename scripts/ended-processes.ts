/** A reporter of node:test: names the signal, or the unusual exit code, that has ended a process of tests. The others do not. */
import type { TestEvent } from 'node:test/reporters';

interface Ended {
  readonly signal?: string | null;
  readonly exitCode?: number | null;
}

export default async function* endedProcesses(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type !== 'test:fail') continue;
    const { signal, exitCode } = data.details.error as Ended;
    // 1: a test has failed.
    const end = signal ?? ((exitCode ?? 1) === 1 ? undefined : `exit code ${exitCode}`);
    if (end) yield `\n✖ ${data.name}: its process was ended by ${end}\n`;
  }
}
