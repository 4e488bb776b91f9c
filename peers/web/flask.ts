import { join } from 'node:path';
import type { Peer } from '../support/peer.ts';
import { installPython, versionIn } from '../support/install.ts';
import { EXAMPLES } from '../support/surroundings.ts';

export const peer: Peer = {
  title: 'Flask (Authlib)',
  example: 'flask',
  login: '/login',
  async install() {
    const python = await installPython('flask');
    return {
      version: await versionIn('flask', 'requirements.txt', 'Authlib'),
      command: ({ variables }) => ({
        program: python,
        args: ['-B', 'app.py'],
        directory: join(EXAMPLES, 'flask'),
        environment: variables,
      }),
    };
  },
};
