import type { Peer } from '../support/peer.ts';
import type { Begin } from '../support/person.ts';
import { installNode, versionIn } from '../support/install.ts';

/** Auth.js has a page with a form, which has a token against forged requests. */
export const beginByForm: Begin = async (browser, login) => {
  const { text } = await browser.get(login);
  const csrfToken = /name="csrfToken" value="(\w+)"/.exec(text)?.[1] ?? '';
  return browser.post(`${login}/smart-id`, { csrfToken });
};

export const peer: Peer = {
  title: 'Auth.js (@auth/express)',
  example: 'authjs',
  login: '/auth/signin',
  begin: beginByForm,
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
