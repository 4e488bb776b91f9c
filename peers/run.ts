/**
 * `npm run test:peers [NAME …]`: runs the tests of the peers one after another, and prints a table of them: peer, version,
 * cases, size of the largest authorization request, seconds. A peer that cannot be had here is in the table, with the reason.
 *
 * Fails if a case fails, or if a peer has none.
 */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { VERSION_NOTE } from './support/describe-peer.ts';
import { SIZE_NOTE } from './support/request-size.ts';
import { type PeerResult, tableOf } from './support/table.ts';

/** For one peer, with its installation. */
const LIMIT_MS = 400_000;

const names = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => names.length === 0 || names.includes(basename(file, '.test.ts')));
if (files.length === 0) throw new Error(`no such peer: ${names.join(', ')}`);

const results: PeerResult[] = [];
for (const file of files) results.push(await resultOf(file));
process.stdout.write(`\n${tableOf(results)}\n`);
if (!results.every(({ passed, failed, skipped }) => failed === 0 && (passed > 0 || skipped !== undefined)))
  process.exitCode = 1;

async function resultOf(file: string): Promise<PeerResult> {
  const begun = performance.now();
  const result: PeerResult = {
    title: basename(file, '.test.ts'),
    version: '',
    passed: 0,
    failed: 0,
    requestBytes: '',
    skipped: undefined,
    seconds: 0,
  };
  const stream = run({
    files: [join(import.meta.dirname, file)],
    concurrency: 1,
    timeout: LIMIT_MS,
    execArgv: ['--import', './test/support/preload.ts'],
  });
  stream.on('test:pass', ({ name, nesting, skip, details }) => {
    if (details.type === 'suite') {
      if (nesting === 0) result.title = name;
    } else if (skip === undefined || skip === false) result.passed += 1;
    else result.skipped = name;
  });
  stream.on('test:fail', ({ name, nesting, details }) => {
    if (details.type === 'suite' && nesting === 0) result.title = name;
    // Also of a suite: its hooks, and its start.
    result.failed += 1;
  });
  stream.on('test:diagnostic', ({ message }) => {
    if (message.startsWith(VERSION_NOTE)) result.version = message.slice(VERSION_NOTE.length);
    if (message.startsWith(SIZE_NOTE)) result.requestBytes = message.slice(SIZE_NOTE.length);
  });
  const report = stream.compose(spec);
  report.pipe(process.stdout, { end: false });
  await finished(report);
  return { ...result, seconds: (performance.now() - begun) / 1000 };
}
