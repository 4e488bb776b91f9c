import type { LockedPackage } from './packages.ts';

/** Allowed licences of runtime dependencies (SPDX identifiers): they permit use, change and redistribution with the notice. */
const OF_WHAT_RUNS = [
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  '(MIT OR Apache-2.0)',
];
/** Also allowed for development tools, which are not redistributed. */
const OF_TOOLS = [...OF_WHAT_RUNS, 'MPL-2.0'];

/** Packages by licence, the most frequent licence first. */
export function licencesOf(
  packages: readonly LockedPackage[],
): readonly (readonly [string, readonly string[]])[] {
  const groups = Map.groupBy(packages, ({ license }) => license ?? 'none');
  return Array.from(groups, ([licence, those]) => [licence, those.map(nameOf)] as const).sort(
    ([, one], [, other]) => other.length - one.length,
  );
}

/** Packages whose licence is not on the list. */
export function problemsOfLicences(packages: readonly LockedPackage[]): readonly string[] {
  return packages
    .filter(({ license, tool }) => !(tool ? OF_TOOLS : OF_WHAT_RUNS).includes(license ?? 'none'))
    .map((each) => `${nameOf(each)}: the licence ${each.license ?? '(none)'} is not on the list`);
}

function nameOf({ name, version }: LockedPackage): string {
  return `${name}@${version}`;
}
