import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Peer } from '../support/peer.ts';
import { installMaven } from '../support/install.ts';
import { programNamed } from '../support/programs.ts';
import { EXAMPLES } from '../support/surroundings.ts';

export const peer: Peer = {
  title: 'Spring Security',
  example: 'spring',
  login: '/oauth2/authorization/smart-id',
  logout: '/logout',
  async install() {
    const program = programNamed('java');
    const directory = await installMaven('spring');
    const pom = await readFile(join(EXAMPLES, 'spring', 'pom.xml'), 'utf8');
    const boot = /<version>([\d.]+)<\/version>/.exec(pom)?.[1] ?? '';
    return {
      version: `Boot ${boot}`,
      command: ({ variables, appUrl }) => ({
        program,
        args: ['-Xmx256m', '-jar', 'target/app.jar'],
        directory,
        environment: { ...variables, PORT: new URL(appUrl).port },
      }),
    };
  },
};
