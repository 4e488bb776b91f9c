import { randomBytes } from 'node:crypto';
import { cp } from 'node:fs/promises';
import { cached } from '../support/cache.ts';
import { filesOf, installNode, versionIn } from '../support/install.ts';
import type { Peer } from '../support/peer.ts';
import { run } from '../support/programs.ts';
import { beginByForm } from './authjs.ts';

const NO_TELEMETRY = { NEXT_TELEMETRY_DISABLED: '1' };

export const peer: Peer = {
  title: 'Auth.js with Next.js',
  example: 'next',
  login: '/api/auth/signin',
  begin: beginByForm,
  verifiesSignature: false,
  async install() {
    const directory = await builtNext();
    return {
      version: await versionIn('next', 'package.json', 'next-auth'),
      command: ({ variables, appUrl }) => ({
        program: process.execPath,
        args: ['node_modules/next/dist/bin/next', 'start', '-p', new URL(appUrl).port],
        directory,
        environment: {
          ...variables,
          ...NO_TELEMETRY,
          AUTH_URL: appUrl,
          AUTH_SECRET: randomBytes(32).toString('hex'),
        },
      }),
    };
  },
};

/** The example with its dependencies, built once for each state of its files. */
async function builtNext(): Promise<string> {
  const installed = await installNode('next');
  return cached('next-built', [installed, ...(await filesOf('next'))], async (made) => {
    await cp(installed, made, { recursive: true, verbatimSymlinks: true });
    const args = ['node_modules/next/dist/bin/next', 'build'];
    await run({ program: process.execPath, args, directory: made, environment: NO_TELEMETRY });
  });
}
