import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { playgroundOf, sampleAppOf, simulatorOf } from '../../src/bootstrap/stand-ins.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createLogger } from '../../src/log/logger.ts';
import { selfSigned } from '../support/certificates/self-signed.ts';
import { freePort } from '../support/servers/free-ports.ts';

const log = createLogger({ level: 'silent' });

/** Of demo or live, with ports that nothing else uses. */
const configOf = (SMARTID_ENVIRONMENT: string, ports: Readonly<Record<string, string>>) =>
  loadConfig({
    SMARTID_ENVIRONMENT,
    ISSUER: 'https://login.example.ee',
    TRUST_DIR: 'ca',
    SMARTID_RP_UUID: '11111111-2222-4333-8444-555555555555',
    SMARTID_RP_NAME: 'Example',
    SMARTID_TLS_PINS: 'none',
    ...ports,
  });

describe('the announcement of the simulator', () => {
  it(
    'ends nothing when the disk of standard output is full',
    { skip: !existsSync('/dev/full') },
    async () => {
      const module = new URL('../../src/bootstrap/stand-ins.ts', import.meta.url).href;
      const program = `
      import { announce } from ${JSON.stringify(module)};
      announce({ issuer: '' }, { phoneUrl: '' }, { url: '' });
      setTimeout(() => process.exit(0), 100);`;
      const full = openSync('/dev/full', 'w');
      const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
        stdio: ['ignore', full, 'ignore'],
      });
      closeSync(full);
      assert.deepEqual(await once(child, 'exit'), [0, null]);
    },
  );
});

describe('the simulator', () => {
  it('does not run with demo and live, and neither does its control API', async () => {
    const port = String(await freePort());
    for (const SMARTID_ENVIRONMENT of ['demo', 'live']) {
      const config = configOf(SMARTID_ENVIRONMENT, { SIMULATOR_PORT: port });
      assert.equal(await simulatorOf(config, log), undefined, SMARTID_ENVIRONMENT);
      await assert.rejects(fetch(`http://localhost:${port}/control/requests`));
    }
  });

  it('serves TLS with the certificate of Sild, and grants what the configuration grants', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sild-stand-ins-'));
    after(() => rm(directory, { recursive: true }));
    const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
    const { cert, key } = selfSigned('localhost');
    await Promise.all([writeFile(certFile, cert), writeFile(keyFile, key)]);
    const config = loadConfig({
      DATA_DIR: directory,
      ISSUER: 'https://localhost:3000',
      TLS_CERT_FILE: certFile,
      TLS_KEY_FILE: keyFile,
      SIMULATOR_PORT: String(await freePort()),
      SIMULATOR_ALLOWS_ADVANCED: 'true',
    });
    assert.equal(config.simulator.allowsAdvanced, true);
    const simulator = await simulatorOf(config, log);
    assert.ok(simulator);
    after(() => simulator.close());
    const session = connect(simulator.phoneUrl.replace('http:', 'https:'), { ca: cert });
    const stream = session.request({ ':path': '/control/requests' });
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    assert.equal(headers[':status'], 200);
    session.close();
  });
});

describe('the sample app and the playground', () => {
  it('do not run with demo and live: nothing answers, and there are no clients', async () => {
    const port = String(await freePort());
    for (const environment of ['demo', 'live']) {
      const config = configOf(environment, { SAMPLE_APP_PORT: port });
      const playground = playgroundOf(config, log);
      assert.equal(playground, undefined, environment);
      assert.equal(await sampleAppOf(config, playground, log), undefined, environment);
      for (const path of ['', 'playground', 'playground/callback'])
        await assert.rejects(fetch(`http://localhost:${port}/${path}`), path);
    }
  });

  it('run with the simulator: the playground answers beside the sample app', async () => {
    const config = loadConfig({ SAMPLE_APP_PORT: String(await freePort()) });
    const playground = playgroundOf(config, log);
    const app = await sampleAppOf(config, playground, log);
    assert.ok(app && playground);
    after(() => app.close());
    assert.match(await (await fetch(app.url)).text(), /href="\/playground"/);
    assert.equal((await fetch(`${app.url}playground`)).status, 200);
    for (const { redirect_uris: uris } of playground.clients)
      assert.deepEqual(uris, [`${app.url}playground/callback`]);
  });
});
