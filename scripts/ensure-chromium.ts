/** Finds or installs a Chromium for the tests, and prints which: the machine's, Playwright's, or the distribution's. */
import { spawnSync } from 'node:child_process';
import { findChromium } from '../e2e/support/browser/chromium.ts';

const FONTS = ['fonts-dejavu-core', 'fonts-liberation'];

const path =
  findChromium() ?? (installFromPlaywright(), findChromium()) ?? (installFromApt(), findChromium());
if (path === undefined) {
  console.error(
    'No Chromium, and none could be installed. Install one, or set CHROMIUM_PATH to the program, and try again.',
  );
  process.exitCode = 1;
} else {
  console.log(`Chromium: ${path}`);
}

function installFromPlaywright(): void {
  console.log('Chromium: none yet, installing Playwright’s');
  // As root, Playwright also installs the libraries and fonts that its Chromium needs.
  const withDependencies = process.getuid?.() === 0 ? ['--with-deps'] : [];
  run('npx', ['--no-install', 'playwright', 'install', ...withDependencies, 'chromium']);
}

function installFromApt(): void {
  console.log('Chromium: Playwright’s is not to be had or does not run, installing the distribution’s');
  const root = process.getuid?.() === 0;
  const apt = (...command: string[]) => {
    const line = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...command];
    return root ? run('env', line.slice(1)) : run('sudo', ['-n', ...line]);
  };
  // If a package list cannot be fetched, the existing lists may be sufficient.
  apt('update');
  // Not every distribution has the headless shell.
  const install = (name: string) => apt('install', '-y', '--no-install-recommends', name, ...FONTS);
  if (!install('chromium-headless-shell')) install('chromium');
}

function run(command: string, parameters: readonly string[]): boolean {
  const { status, error } = spawnSync(command, parameters, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) console.error(`${command}: ${error.message}`);
  return status === 0;
}
