import { join } from 'node:path';
import type { Peer } from '../support/peer.ts';
import { installGo, versionIn } from '../support/install.ts';
import { EXAMPLES } from '../support/surroundings.ts';

export const peer: Peer = {
  title: 'Go (go-oidc)',
  example: 'go',
  login: '/login',
  logout: '/logout',
  async install() {
    const program = await installGo('go-example', { example: 'go' });
    return {
      version: await versionIn('go', 'go.mod', 'github.com/coreos/go-oidc/v3'),
      command: ({ variables }) => ({
        program,
        args: [],
        directory: join(EXAMPLES, 'go'),
        environment: variables,
      }),
    };
  },
};
