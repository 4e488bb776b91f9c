import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A package of the lockfile. */
export interface LockedPackage {
  /** Installation path, e.g. `node_modules/koa`. */
  readonly path: string;
  /** In the registry; the path of an alias ends in another one. */
  readonly name: string;
  readonly version: string;
  readonly license: string | undefined;
  /** Source; undefined for the registry. */
  readonly resolved: string | undefined;
  readonly integrity: string | undefined;
  /** Whether it is needed only for development and tests. */
  readonly tool: boolean;
  readonly hasInstallScript: boolean;
}

export interface Project {
  readonly packages: readonly LockedPackage[];
  /** Version ranges of package.json, by package name. */
  readonly wanted: Readonly<Record<string, string>>;
  /** Packages whose install scripts npm may run. */
  readonly allowedScripts: readonly string[];
}

const lockfile = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      version: z.string().default(''),
      license: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      dev: z.boolean().default(false),
      hasInstallScript: z.boolean().default(false),
    }),
  ),
});
const manifest = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  allowScripts: z.record(z.string(), z.boolean()).default({}),
});

/** @throws {z.ZodError} when a file does not have npm's format */
export function projectOf(packageLock: unknown, packageJson: unknown): Project {
  const { packages } = lockfile.parse(packageLock);
  const { dependencies, devDependencies, allowScripts } = manifest.parse(packageJson);
  return {
    packages: Object.entries(packages)
      .filter(([path]) => path !== '')
      .map(([path, { name, version, license, resolved, integrity, dev, hasInstallScript }]) => ({
        path,
        name: name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
        version,
        license,
        resolved,
        integrity,
        tool: dev,
        hasInstallScript,
      })),
    wanted: { ...dependencies, ...devDependencies },
    allowedScripts: Object.keys(allowScripts).filter((name) => allowScripts[name]),
  };
}

export function readProject(root: string): Project {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));
  return projectOf(read('package-lock.json'), read('package.json'));
}
