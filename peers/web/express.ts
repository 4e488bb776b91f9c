import { installNode, versionIn } from '../support/install.ts';
import type { Peer } from '../support/peer.ts';

export const peer: Peer = {
  title: 'Express (express-openid-connect)',
  example: 'express',
  login: '/login',
  logout: '/logout',
  verifiesSignature: false,
  async install() {
    const directory = await installNode('express');
    return {
      version: await versionIn('express', 'package.json', 'express-openid-connect'),
      command: ({ variables }) => ({
        program: process.execPath,
        args: ['app.js'],
        directory,
        environment: variables,
      }),
    };
  },
};
