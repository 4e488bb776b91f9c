import type { LockedPackage, Project } from './packages.ts';

const REGISTRY = 'https://registry.npmjs.org/';
/** A semver range, which the registry resolves; not a tag, URL or path. */
const RANGE = /^[~^]?\d+(\.\d+){0,2}(-[\w.]+)?$/;
/** The only aliases, by name in package.json: what they install under that name. An alias could hide any package. */
const ALIASES: Readonly<Record<string, string>> = { 'typescript-native': 'npm:typescript@' };

/**
 * Problems with the sources of packages. Each package must come from the registry, have an integrity hash, and have no
 * install script unless package.json allows it by name.
 *
 * @param isInstalled whether a package is in node_modules; packages of other platforms are not
 */
export function problemsOfSources(
  { packages, wanted, allowedScripts }: Project,
  isInstalled: (path: string) => boolean,
): readonly string[] {
  return [
    ...packages.flatMap((each) => problemsOf(each, allowedScripts, isInstalled)),
    ...Object.entries(wanted)
      .filter(([name, version]) => !RANGE.test(withoutAlias(name, version)))
      .map(([name, version]) => `${name}: ${version} in package.json is no version of the registry`),
    ...allowedScripts
      .filter((name) => !packages.some((each) => each.name === name && each.hasInstallScript))
      .map((name) => `${name}: allowScripts names it, but it has no install script`),
  ];
}

function withoutAlias(name: string, version: string): string {
  const alias = ALIASES[name];
  return alias !== undefined && version.startsWith(alias) ? version.slice(alias.length) : version;
}

/** Packages whose install scripts download a program, which the lockfile's hash does not cover. */
const FETCHING = ['node'];

/** One sentence for each installed program that the lockfile does not pin. */
export function unfixedBy({ packages }: Pick<Project, 'packages'>): readonly string[] {
  return packages
    .filter(({ name }) => FETCHING.includes(name))
    .map(
      ({ name, version }) =>
        `${name}@${version}: its install script has npm fetch the program, by name and version`,
    );
}

function problemsOf(
  { path, name, resolved, integrity, hasInstallScript }: LockedPackage,
  allowedScripts: readonly string[],
  isInstalled: (path: string) => boolean,
): string[] {
  return [
    ...(resolved === undefined || resolved.startsWith(REGISTRY) ? [] : [`${path}: comes from ${resolved}`]),
    ...(integrity?.startsWith('sha512-') === true ? [] : [`${path}: has no SHA-512 in the lockfile`]),
    ...(hasInstallScript && isInstalled(path) && !allowedScripts.includes(name)
      ? [`${path}: has an install script that allowScripts does not name`]
      : []),
  ];
}
