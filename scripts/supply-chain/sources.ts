import type { LockedPackage, Project } from './packages.ts';

const REGISTRY = 'https://registry.npmjs.org/';
/** A semver range, which the registry resolves; not a tag, URL or path. */
const RANGE = /^[~^]?\d+(\.\d+){0,2}(-[\w.]+)?$/;

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
      .filter(([, version]) => !RANGE.test(version))
      .map(([name, version]) => `${name}: ${version} in package.json is no version of the registry`),
    ...allowedScripts
      .filter((name) => !packages.some((each) => each.name === name && each.hasInstallScript))
      .map((name) => `${name}: allowScripts names it, but it has no install script`),
  ];
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
