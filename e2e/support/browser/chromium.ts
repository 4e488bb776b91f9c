import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type LaunchOptions } from 'playwright';

/** The headless shell first: it starts sooner and takes a quarter less processor time. */
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];

const NO_BACKGROUND_TRAFFIC = [
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
];

/** Path of the Chromium for tests: `CHROMIUM_PATH`, else an installed one that runs, else Playwright's if it runs. */
export function findChromium(): string | undefined {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  const installed = NAMES.flatMap((name) => PATH.split(delimiter).map((directory) => join(directory, name)));
  // An installed Chromium does not run if its libraries are missing.
  return [...installed, chromium.executablePath()].find(
    (path) => existsSync(path) && spawnSync(path, ['--version'], { timeout: 20_000 }).status === 0,
  );
}

/** @throws Error if there is no Chromium; `npm run test:browser` installs one first */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch(launchOptions());
}

/** @throws Error if there is no Chromium */
export function launchOptions(): LaunchOptions {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium: run node scripts/ensure-chromium.ts');
  // Chromium refuses to run its sandbox as root, which is common in containers.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return { executablePath, args: [...NO_BACKGROUND_TRAFFIC, ...sandbox] };
}
