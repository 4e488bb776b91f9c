/**
 * Checks the dependencies: licences, sources and known vulnerabilities. Fails on a licence that is not on the list, on a
 * package that the lockfile does not pin, on an install script that is not allowed, and on an advisory against a runtime
 * dependency. Without a network it reports that advisories were not checked.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { audit } from './supply-chain/advisories.ts';
import { licencesOf, problemsOfLicences } from './supply-chain/licences.ts';
import { readProject } from './supply-chain/packages.ts';
import { problemsOfSources, unfixedBy } from './supply-chain/sources.ts';

const root = join(import.meta.dirname, '..');
const project = readProject(root);
const isInstalled = (path: string) => existsSync(join(root, path));
const installed = project.packages.filter(({ path }) => isInstalled(path));
const problems = [...problemsOfSources(project, isInstalled), ...problemsOfLicences(project.packages)];

for (const [title, packages] of [
  ['What runs', installed.filter(({ tool }) => !tool)],
  ['Tools', installed.filter(({ tool }) => tool)],
] as const) {
  console.log(`${title}: ${packages.length} packages`);
  for (const [licence, names] of licencesOf(packages)) console.log(`  ${licence}: ${names.join(', ')}`);
}

console.log('Not fixed by the lockfile:');
for (const unfixed of unfixedBy({ packages: installed })) console.log(`  ${unfixed}`);

const audited = audit(root, project.packages);
if (audited.kind === 'not_asked') {
  console.log(`Advisories: no database could be asked (${audited.reason})`);
} else {
  console.log(`Advisories: ${audited.advisories.length}`);
  for (const { name, severity, title, url, runs } of audited.advisories) {
    const line = `${name}: ${severity}, ${title} (${url})`;
    if (runs) problems.push(line);
    else console.log(`  in a tool: ${line}`);
  }
}

for (const problem of problems) console.error(`Problem: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
