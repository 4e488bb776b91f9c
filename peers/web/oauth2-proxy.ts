import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Peer } from '../support/peer.ts';
import { installGo } from '../support/install.ts';
import { EXAMPLES } from '../support/surroundings.ts';

const VERSION = '7.15.6';

export const peer: Peer = {
  title: 'oauth2-proxy',
  example: 'oauth2-proxy',
  login: '/oauth2/start',
  // The person as the proxy knows them. It forwards no name.
  person: '/oauth2/userinfo',
  shows: ['PNOEE-40504040001'],
  async install() {
    const program = await installGo('oauth2-proxy', {
      module: `github.com/oauth2-proxy/oauth2-proxy/v7@v${VERSION}`,
    });
    return {
      version: VERSION,
      command: ({ variables, appUrl }) => ({
        program,
        args: ['--config', 'oauth2-proxy.cfg'],
        directory: join(EXAMPLES, 'oauth2-proxy'),
        environment: {
          OAUTH2_PROXY_OIDC_ISSUER_URL: variables.ISSUER ?? '',
          OAUTH2_PROXY_CLIENT_SECRET: variables.CLIENT_SECRET ?? '',
          OAUTH2_PROXY_REDIRECT_URL: `${appUrl}/oauth2/callback`,
          OAUTH2_PROXY_HTTP_ADDRESS: new URL(appUrl).host,
          OAUTH2_PROXY_COOKIE_SECRET: randomBytes(16).toString('hex'),
          OAUTH2_PROXY_UPSTREAMS: 'static://200',
        },
      }),
    };
  },
};
