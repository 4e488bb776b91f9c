/** The version information of a release. */
export interface Release {
  readonly manifest: { readonly version: string };
  readonly lockfile: { readonly version: string };
  readonly changelog: string;
  /** The version tags of the commit. */
  readonly tags: readonly string[];
}

const HEADING = /^## (.+)$/gm;
const RELEASED = /^(\d+\.\d+\.\d+) – (\d{4}-\d{2}-\d{2})$/;

/**
 * The inconsistencies of a release; empty when there are none. An untagged commit may have changes under “Unreleased”, a
 * tagged one may not.
 */
export function releaseProblems({ manifest, lockfile, changelog, tags }: Release): string[] {
  const problems: string[] = [];
  const { version } = manifest;
  if (lockfile.version !== version) {
    problems.push(
      `package-lock.json has version ${lockfile.version}, package.json ${version}: run npm install.`,
    );
  }
  const [first = '', ...released] = Array.from(changelog.matchAll(HEADING), ([, heading = '']) => heading);
  if (first !== 'Unreleased') problems.push('CHANGELOG.md does not begin with the section “Unreleased”.');
  for (const heading of released) {
    if (!RELEASED.test(heading)) problems.push(`CHANGELOG.md: “${heading}” is not “VERSION – YYYY-MM-DD”.`);
  }
  const versions = released.flatMap((heading) => RELEASED.exec(heading)?.[1] ?? []);
  if (new Set(versions).size < versions.length)
    problems.push('CHANGELOG.md has two sections for one version.');
  const [newest] = versions;
  if (newest !== undefined && newest !== version) {
    problems.push(`The newest release of CHANGELOG.md is ${newest}, package.json has version ${version}.`);
  }
  for (const tag of tags) {
    if (tag !== `v${version}`) problems.push(`The tag is ${tag}, package.json has version ${version}.`);
    if (newest === undefined) problems.push(`CHANGELOG.md has no section for ${tag}.`);
    if (unreleasedText(changelog) !== '') {
      problems.push(`${tag} has changes under “Unreleased” in CHANGELOG.md.`);
    }
  }
  return problems;
}

function unreleasedText(changelog: string): string {
  const [, after = ''] = changelog.split(/^## Unreleased$/m);
  return (after.split(/^## /m)[0] ?? '').trim();
}
