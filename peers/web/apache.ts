import { cp } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Peer } from '../support/peer.ts';
import { programNamed, run, Unavailable } from '../support/programs.ts';
import { EXAMPLES } from '../support/surroundings.ts';

const MODULE = '/usr/lib/apache2/modules/mod_auth_openidc.so';

export const peer: Peer = {
  title: 'Apache (mod_auth_openidc)',
  example: 'apache',
  login: '/private/',
  person: '/private/',
  logout: '/oidc/callback?logout=',
  async install() {
    const program = programNamed('apache2');
    if (!existsSync(MODULE)) throw new Unavailable('libapache2-mod-auth-openidc is not installed');
    return {
      version: await versionOfModule(),
      async command({ variables, appUrl, stack }) {
        const directory = join(stack.environment.DATA_DIR ?? '', 'apache');
        await cp(join(EXAMPLES, 'apache'), directory, { recursive: true });
        return {
          program,
          args: ['-X', '-d', directory, '-f', 'httpd.conf'],
          directory,
          environment: {
            ...variables,
            APP_HOST: new URL(appUrl).host,
            DOCUMENT_ROOT: join(directory, 'www'),
            SESSION_SECRET: randomBytes(24).toString('hex'),
          },
        };
      },
    };
  },
};

async function versionOfModule(): Promise<string> {
  const args = ['-W', '-f', '${Version}', 'libapache2-mod-auth-openidc'];
  return run({ program: programNamed('dpkg-query'), args, directory: EXAMPLES }).catch(() => 'not of Debian');
}
