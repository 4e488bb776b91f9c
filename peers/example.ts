/**
 * `npm run example -- NAME`: installs an example outside of the checkout, and runs it with a Sild of its own that has its
 * client, a simulated Smart-ID and free ports, until Ctrl+C. Keycloak’s application is its account console.
 */
import { randomBytes } from 'node:crypto';
import { freePorts } from '../test/support/servers/free-ports.ts';
import { onStopSignal } from '../src/bootstrap/stop-signals.ts';
import { installKeycloak } from './keycloak/distribution.ts';
import { startKeycloak } from './keycloak/keycloak.ts';
import type { Peer } from './support/peer.ts';
import { type Running, startServer } from './support/programs.ts';
import { startSurroundings, type Surroundings } from './support/surroundings.ts';
import { peer as apache } from './web/apache.ts';
import { peer as authjs } from './web/authjs.ts';
import { peer as django } from './web/django.ts';
import { peer as express } from './web/express.ts';
import { peer as flask } from './web/flask.ts';
import { peer as go } from './web/go.ts';
import { peer as next } from './web/next.ts';
import { peer as oauth2Proxy } from './web/oauth2-proxy.ts';
import { peer as spring } from './web/spring.ts';

const PEERS = [apache, authjs, django, express, flask, go, next, oauth2Proxy, spring];
const name = process.argv[2] ?? '';

interface Started {
  readonly surroundings: Surroundings;
  readonly address: string;
  readonly running: Pick<Running, 'stop'>;
}

const peer = PEERS.find(({ example }) => example === name);
if (peer === undefined && name !== 'keycloak') {
  console.error(`npm run example -- NAME: keycloak, ${PEERS.map(({ example }) => example).join(', ')}`);
  process.exitCode = 2;
} else {
  const { surroundings, address, running } = await (peer ? startWeb(peer) : startBroker());
  console.log(`
  Example         ${address}
  Virtual phone   ${surroundings.stack.phoneUrl}
  Issuer          ${surroundings.stack.issuer}

  Log in as Estonia, 40504040001. Stop with Ctrl+C.
`);
  await new Promise<void>(onStopSignal);
  await running.stop();
  await surroundings.stop();
  process.exit(0);
}

async function startWeb(web: Peer): Promise<Started> {
  const { example, login } = web;
  const installed = await web.install();
  const surroundings = await startSurroundings(example);
  const running = await startServer(await installed.command(surroundings), `${surroundings.appUrl}/`);
  return { surroundings, running, address: surroundings.appUrl + login };
}

async function startBroker(): Promise<Started> {
  const installed = await installKeycloak();
  const [port = 0] = await freePorts(1);
  const SILD_CLIENT_SECRET = randomBytes(24).toString('base64url');
  const KEYCLOAK_URL = `http://localhost:${port}`;
  const surroundings = await startSurroundings('keycloak', { SILD_CLIENT_SECRET, KEYCLOAK_URL });
  const { stack, proxy, appUrl } = surroundings;
  const APP_SECRET = randomBytes(24).toString('base64url');
  const variables = { SILD_ISSUER: proxy.origin, SILD_CLIENT_SECRET, APP_SECRET, APP_URL: appUrl };
  const running = await startKeycloak(installed, stack.environment.DATA_DIR ?? '', port, variables);
  console.log(`  Administration  ${KEYCLOAK_URL}/admin/ as admin, ${running.adminPassword}`);
  return { surroundings, running, address: `${running.realm}/account/` };
}
