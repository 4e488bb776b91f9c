import { join } from 'node:path';
import type { Peer } from '../support/peer.ts';
import { installPython, versionIn } from '../support/install.ts';
import { EXAMPLES } from '../support/surroundings.ts';

export const peer: Peer = {
  title: 'Django (mozilla-django-oidc)',
  example: 'django',
  login: '/oidc/authenticate/',
  // The second login has found the user of the first.
  shows: ['PNOEE-40504040001', 'OK TEST', 'users: 1'],
  async install() {
    const python = await installPython('django');
    return {
      version: await versionIn('django', 'requirements.txt', 'mozilla-django-oidc'),
      command: ({ variables, stack }) => ({
        program: python,
        args: ['-B', 'app.py'],
        directory: join(EXAMPLES, 'django'),
        environment: { ...variables, DATABASE: join(stack.environment.DATA_DIR ?? '', 'django.sqlite3') },
      }),
    };
  },
};
