/** Installs examples with the package managers of their languages, each into a directory of the cache. */
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { fetchWith, programNamed } from './programs.ts';
import { EXAMPLES } from './surroundings.ts';

/** An example of Node in its cache directory, with its dependencies. */
export async function installNode(example: string): Promise<string> {
  const npm = programNamed('npm');
  const manifest = await readFile(join(EXAMPLES, example, 'package.json'), 'utf8');
  const directory = await cached(example, [manifest, process.version], async (made) => {
    await cp(join(EXAMPLES, example, 'package.json'), join(made, 'package.json'));
    const args = [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--fetch-retries=0',
    ];
    await fetchWith({ program: npm, args, directory: made });
  });
  await cp(join(EXAMPLES, example), directory, { recursive: true });
  return directory;
}

/** The Python of a virtual environment with an example's requirements. */
export async function installPython(example: string): Promise<string> {
  const python = programNamed('python3');
  const requirements = join(EXAMPLES, example, 'requirements.txt');
  const version = await fetchWith({ program: python, args: ['--version'], directory: EXAMPLES });
  const directory = await cached(example, [version, await readFile(requirements, 'utf8')], async (made) => {
    await fetchWith({ program: python, args: ['-m', 'venv', 'venv'], directory: made });
    const args = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--retries',
      '1',
      '-r',
      requirements,
    ];
    await fetchWith({ program: 'venv/bin/python', args, directory: made });
  });
  return join(directory, 'venv', 'bin', 'python');
}

/** The program that Go builds of an example, or of a command of a module (`module@version`). */
export async function installGo(
  name: string,
  source: { example: string } | { module: string },
): Promise<string> {
  const go = programNamed('go');
  const version = await fetchWith({ program: go, args: ['version'], directory: EXAMPLES });
  const environment = { GOTOOLCHAIN: 'local' };
  if ('module' in source) {
    const directory = await cached(name, [version, source.module], async (made) => {
      const args = ['install', source.module];
      await fetchWith({ program: go, args, directory: made, environment: { ...environment, GOBIN: made } });
    });
    return join(directory, name);
  }
  const files = ['go.mod', 'go.sum', 'main.go'].map((file) => join(EXAMPLES, source.example, file));
  const contents = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const directory = await cached(name, [version, ...contents], async (made) => {
    const args = ['build', '-o', join(made, name), '.'];
    await fetchWith({ program: go, args, directory: join(EXAMPLES, source.example), environment });
  });
  return join(directory, name);
}

/**
 * The directory of an example that Maven has built, with `target/app.jar`.
 *
 * @throws {Unavailable} where there is no Maven, no JDK (`javac`), or Maven Central does not answer
 */
export async function installMaven(example: string): Promise<string> {
  const maven = programNamed('mvn');
  programNamed('javac');
  return cached(example, await filesOf(example), async (made) => {
    await cp(join(EXAMPLES, example), made, { recursive: true });
    const common = ['--batch-mode', '--quiet', `-Dmaven.repo.local=${join(made, 'repository')}`];
    await fetchWith({ program: maven, args: [...common, 'package'], directory: made });
    // The archive has what it needs.
    await rm(join(made, 'repository'), { recursive: true });
  });
}

/** The contents of all files of an example. */
export async function filesOf(example: string): Promise<string[]> {
  const entries = await readdir(join(EXAMPLES, example), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.sort().map((file) => readFile(file, 'utf8')));
}

/** The exact version of a dependency in an example's package.json, requirements.txt or go.mod. */
export async function versionIn(example: string, file: string, dependency: string): Promise<string> {
  const text = await readFile(join(EXAMPLES, example, file), 'utf8');
  const lines = text.split(/[\n,{]/).map((line) => line.replaceAll('"', '').trim());
  const line = lines.find((each) => each.startsWith(dependency));
  const version = line
    ?.slice(dependency.length)
    .replace(/^(==|:| v?)\s*/, '')
    .replace(/[\s}].*$/, '');
  if (!version) throw new Error(`${file} of ${example} does not name ${dependency}`);
  return version.replace(/^v/, '');
}
