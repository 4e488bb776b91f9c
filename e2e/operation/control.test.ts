/** The simulator's control API in a browser test. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../src/web/messages/en.ts';
import { launchOptions } from '../support/browser/chromium.ts';
import { openQr } from '../support/browser/device-link.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { root } from '../support/project.ts';
import type { Stack } from '../support/stack.ts';

const ACCOUNT = 'PNOEE-40504040001';
const playwright = join(root, 'node_modules', 'playwright');

describe('the control API of the simulator', () => {
  const journey = prepareJourney({}, { alone: true });
  const tell = async (page: Page, path: string, data: unknown): Promise<unknown> => {
    const url = new URL(`control/${path}`, journey.stack.phoneUrl).href;
    const response = await page.request.post(url, { data });
    assert.ok(response.ok(), `${response.status()} ${path}`);
    return response.json();
  };

  it('logs in by a code and by a QR code, in the example of docs/simulator.md', async (test) => {
    const directory = await mkdtemp(join(tmpdir(), 'sild-example-'));
    test.after(() => rm(directory, { recursive: true }));
    await writeExample(directory, journey.stack);
    const { code, output } = await runPlaywright(directory);
    assert.equal(code, 0, output);
    assert.match(output, /^ +2 passed/m);
  });

  it('opens the link of a QR code and refuses', async () => {
    const page = await journey.open();
    await openQr(page, journey.stack);
    const link = await page.getByRole('link', { name: en.qr.scanOnVirtualPhone }).getAttribute('href');
    const opened = await tell(page, 'device-links', { link, account: ACCOUNT });
    assert.ok(opened instanceof Object && 'id' in opened);
    await tell(page, `requests/${String(opened.id)}`, { action: 'refuse' });
    await page.getByRole('heading', { name: en.refusedInteractions.displayTextAndPIN.heading }).waitFor();
  });

  it('is not in Sild itself', async () => {
    const page = await journey.open();
    const response = await page.request.get(new URL('/control/requests', journey.stack.issuer).href);
    assert.equal(response.status(), 404);
  });
});

/** The example as the page has it, but for the ports; and a package @playwright/test, which is `playwright/test` by another name. */
async function writeExample(directory: string, { phoneUrl, sampleAppUrl }: Stack): Promise<void> {
  const page = readFileSync(join(root, 'docs', 'simulator.md'), 'utf8');
  const [, example = ''] = /^### With Playwright\n+```ts\n(.*?)^```$/ms.exec(page) ?? [];
  assert.ok(example.includes('http://localhost:3001') && example.includes('http://localhost:3002'));
  const text = example
    .replaceAll('http://localhost:3001', new URL(phoneUrl).origin)
    .replaceAll('http://localhost:3002', new URL(sampleAppUrl).origin);
  await writeFile(join(directory, 'example.spec.ts'), text);
  const use = JSON.stringify({ launchOptions: launchOptions() });
  await writeFile(
    join(directory, 'playwright.config.ts'),
    `export default { use: ${use}, reporter: 'list', workers: 1 };\n`,
  );
  const renamed = join(directory, 'node_modules', '@playwright', 'test');
  await mkdir(renamed, { recursive: true });
  const runner = JSON.stringify(join(playwright, 'test.js'));
  await writeFile(join(renamed, 'index.js'), `module.exports = require(${runner});\n`);
}

async function runPlaywright(directory: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(playwright, 'cli.js'), 'test'], {
    cwd: directory,
    env: { ...process.env, FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: Buffer.concat(chunks).toString() };
}
