import type { Peer } from '../support/peer.ts';
import { installNode, versionIn } from '../support/install.ts';

export const peer: Peer = {
  title: 'Auth.js (@auth/express)',
  example: 'authjs',
  login: '/auth/signin',
  // Its page has a form with a token against forged requests.
  async begin(browser, login) {
    const { text } = await browser.get(login);
    const csrfToken = /name="csrfToken" value="(\w+)"/.exec(text)?.[1] ?? '';
    return browser.post(`${login}/smart-id`, { csrfToken });
  },
  verifiesSignature: false,
  async install() {
    const directory = await installNode('authjs');
    return {
      version: await versionIn('authjs', 'package.json', '@auth/express'),
      command: ({ variables }) => ({
        program: process.execPath,
        args: ['app.js'],
        directory,
        environment: variables,
      }),
    };
  },
};
