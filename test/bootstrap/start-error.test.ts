import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeDataDirectory } from '../../src/bootstrap/data-directory.ts';
import { simulatorOf } from '../../src/bootstrap/stand-ins.ts';
import { reasonNotToListen, reasonNotToStart, StartError } from '../../src/bootstrap/start-error.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createLogger } from '../../src/log/logger.ts';
import { startHttpServer } from '../../src/web/http-server.ts';
import { freePort } from '../support/servers/free-ports.ts';

const log = createLogger({ level: 'silent' });
let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sild-start-'));
  await writeFile(join(directory, 'file'), '');
});
after(() => rm(directory, { recursive: true }));

describe('the data directory', () => {
  it('is made for its owner only, with the directories above it', async () => {
    const path = join(directory, 'above', 'data');
    await Promise.all([makeDataDirectory(path), makeDataDirectory(path)]);
    assert.equal((await stat(path)).mode & 0o777, 0o700);
  });

  it('that cannot be made is named, with what the system refuses', async () => {
    await refused(makeDataDirectory(join(directory, 'file', 'data')), /^DATA_DIR .*not a directory, ENOTDIR/);
  });
});

describe('the files of the simulator', () => {
  for (const [title, simulator, sentence] of [
    ['cannot be written', 'file', /^The simulator cannot .*DATA_DIR.*not a directory/],
    ['are damaged', 'directory', /damaged; delete it/],
  ] as const) {
    it(`that ${title} are not blamed on the port`, async () => {
      const dataDir = join(directory, title);
      await mkdir(dataDir);
      const path = join(dataDir, 'simulator');
      if (simulator === 'file') await writeFile(path, '');
      else {
        await mkdir(path);
        for (const name of ['certificate-authority.json', 'account-key.json'])
          await writeFile(join(path, name), '{');
      }
      const config = loadConfig({ DATA_DIR: dataDir, SIMULATOR_PORT: String(await freePort()) });
      await refused(simulatorOf(config, log), sentence);
    });
  }
});

describe('an address to listen on', () => {
  for (const [title, host, sentence] of [
    ['that this machine does not have', '192.0.2.1', /192\.0\.2\.1.*set HOST/],
    ['that is an unknown name', 'nowhere.invalid', /nowhere\.invalid.*set HOST/],
  ] as const) {
    it(`${title} is refused with a sentence that names HOST`, async () => {
      const started = startHttpServer({ port: 0, host, tls: undefined, listener: () => undefined });
      await refused(started.catch(reasonNotToListen('PORT', 3000, host)), sentence);
    });
  }

  it('of another page is not blamed on HOST', async () => {
    const started = () =>
      startHttpServer({ port: 0, host: '192.0.2.1', tls: undefined, listener: () => undefined });
    await refused(
      started().catch(reasonNotToListen('OPS_PORT', 1, '192.0.2.1', 'OPS_HOST')),
      /: set OPS_HOST/,
    );
    await refused(
      started().catch(reasonNotToListen('SIMULATOR_PORT', 1, '192.0.2.1', 'none')),
      /^(?!.*HOST)/,
    );
  });

  it('whose port is in use is refused with a sentence that names its variable', async () => {
    const options = { host: '127.0.0.1', tls: undefined, listener: () => undefined };
    const first = await startHttpServer({ port: 0, ...options });
    after(() => first.drain(0, 0));
    const second = startHttpServer({ port: first.port, ...options });
    await refused(second.catch(reasonNotToListen('PORT', first.port, '127.0.0.1')), /in use.*set PORT/);
  });
});

async function refused(start: Promise<unknown>, sentence: RegExp): Promise<void> {
  await assert.rejects(start, (error) => {
    assert.ok(error instanceof StartError, String(error));
    assert.match(error.message, sentence);
    assert.equal(reasonNotToStart(error), `Sild cannot start. ${error.message}\n`);
    return true;
  });
}

describe('a full disk', () => {
  it('is reported as a full disk, for any file that had no space', () => {
    const cause = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    assert.match(reasonNotToStart(cause), /^Sild cannot start\. A disk is full/);
  });
});
