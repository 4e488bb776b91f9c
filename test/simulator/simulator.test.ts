import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pino } from 'pino';
import { authenticate, certificateOf, createSession, startTestSimulator } from './relying-party.ts';

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sild-simulator-'));
  after(() => rm(directory, { recursive: true }));
  return directory;
}

describe('the simulator', () => {
  it('says where it is', async () => {
    const { port, baseUrl, phoneUrl } = await startTestSimulator();
    assert.equal(baseUrl, `http://localhost:${port}/smart-id-rp/v3/`);
    assert.equal(phoneUrl, `http://localhost:${port}/`);
  });

  it('answers at localhost and 127.0.0.1', async () => {
    const { port } = await startTestSimulator();
    for (const host of ['localhost', '127.0.0.1']) {
      assert.equal((await fetch(`http://${host}:${port}/`)).status, 200, host);
    }
  });

  it('rejects with EADDRINUSE when its port is taken, and leaves the port alone', async () => {
    const { port, phoneUrl } = await startTestSimulator();
    await assert.rejects(startTestSimulator({ port }), { code: 'EADDRINUSE' });
    await assert.rejects(startTestSimulator({ port, host: '127.0.0.1' }), { code: 'EADDRINUSE' });
    assert.equal((await fetch(phoneUrl)).status, 200);
  });

  it('frees its port when it closes, with a phone still looking on', async () => {
    const simulator = await startTestSimulator();
    const { port, phoneUrl } = simulator;
    const events = await fetch(new URL('/events', phoneUrl));
    await simulator.close();
    await events.text();
    const next = await startTestSimulator({ port });
    assert.equal(next.port, port);
  });

  it('keeps its CA and account key in its data directory, for its owner alone', async () => {
    const dataDir = join(await temporaryDirectory(), 'simulator');
    const first = await startTestSimulator({ dataDir });
    const before = certificateOf(await authenticate(first, 'PNOEE-40504040001'));
    await first.close();
    const second = await startTestSimulator({ dataDir });
    const after = certificateOf(await authenticate(second, 'PNOEE-40504040001'));
    assert.deepEqual(second.trustAnchors, first.trustAnchors);
    assert.ok(after.publicKey.equals(before.publicKey));

    const files = await readdir(dataDir);
    assert.deepEqual(files.sort(), ['account-key.json', 'certificate-authority.json']);
    for (const file of files) assert.equal((await stat(join(dataDir, file))).mode & 0o777, 0o600);
    assert.equal((await stat(dataDir)).mode & 0o777, 0o700);
  });

  it('does not start on a damaged CA, rather than replace it', async () => {
    const dataDir = await temporaryDirectory();
    await writeFile(join(dataDir, 'certificate-authority.json'), '{"root":');
    await assert.rejects(startTestSimulator({ dataDir }), /certificate-authority\.json is damaged/);
  });

  it('logs no personal code and no name', async () => {
    let text = '';
    const log = pino({ level: 'trace' }, { write: (line) => void (text += line) });
    const simulator = await startTestSimulator({ log });
    await authenticate(simulator, 'PNOEE-40504040001');
    await createSession(simulator, 'PNOEE-47101010033');
    await fetch(`${simulator.baseUrl}authentication/notification/etsi/PNOEE-47101010033`);
    await simulator.close();
    assert.match(text, /session complete/);
    assert.doesNotMatch(text, /40504040001|47101010033|KONNE|TEST/);
  });
});
