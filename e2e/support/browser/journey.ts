/**
 * What the journeys of one file share: one running product, one Chromium, and a watch over every page that is opened.
 *
 * After each test its pages are closed, and the test fails if any of them asked another host for anything, wrote an error
 * to the console, threw, or tried what its Content-Security-Policy forbids.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from 'playwright';
import { launchChromium } from './chromium.ts';
import { root } from '../project.ts';
import { type Stack, startStack } from '../stack.ts';

export interface Journey {
  readonly stack: Stack;
  /** A page in a browser of its own: no cookies, nothing remembered. Its context opens further tabs. */
  open(options?: BrowserContextOptions): Promise<Page>;
}

const PATIENCE_MS = 15_000;

/**
 * `HOLD_BACK=events:1500` delays every response of one kind by so many milliseconds, to find tabs that are left standing
 * when something arrives late. Not set in ordinary runs.
 */
const KINDS: Readonly<Record<string, (request: Request) => boolean>> = {
  scripts: (request) => request.resourceType() === 'script',
  styles: (request) => request.resourceType() === 'stylesheet',
  events: (request) => new URL(request.url()).pathname.endsWith('/events'),
  status: (request) => new URL(request.url()).pathname.endsWith('/status'),
  pages: (request) => request.isNavigationRequest(),
};

/** To be called in a `describe`. @param variables of the product's environment */
export function prepareJourney(variables: Readonly<Record<string, string>> = {}): Journey {
  let stack: Stack | undefined;
  let browser: Browser | undefined;
  let contexts: BrowserContext[] = [];
  let complaints: string[] = [];

  before(async () => {
    [stack, browser] = await Promise.all([startStack(variables), launchChromium()]);
  });

  afterEach(async (t) => {
    if ('passed' in t && !t.passed) await picture(contexts, t.name);
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    const seen = complaints;
    complaints = [];
    assert.deepEqual(seen, [], `the browser complained:\n${seen.join('\n')}`);
  });

  after(async () => {
    await browser?.close();
    assert.equal(await stack?.stop(), 0, 'the product ends with 0 at SIGTERM');
  });

  return {
    get stack() {
      assert.ok(stack, 'the product runs');
      return stack;
    },
    async open(options = {}) {
      assert.ok(browser && stack, 'the browser runs');
      const context = await browser.newContext({ viewport: { width: 1100, height: 700 }, ...options });
      contexts.push(context);
      context.setDefaultTimeout(PATIENCE_MS);
      await holdBack(context);
      watch(context, stack, (complaint) => complaints.push(complaint));
      return context.newPage();
    },
  };
}

async function holdBack(context: BrowserContext): Promise<void> {
  const { HOLD_BACK } = process.env;
  if (HOLD_BACK === undefined) return;
  const [kind = '', milliseconds] = HOLD_BACK.split(':');
  const isHeldBack = KINDS[kind];
  assert.ok(isHeldBack, `HOLD_BACK: ${Object.keys(KINDS).join(', ')}`);
  await context.route('**/*', async (route, request) => {
    if (isHeldBack(request)) await delay(Number(milliseconds));
    // The page may have been closed meanwhile.
    await route.continue().catch(() => undefined);
  });
}

/** Reports what no page of ours may do. Statuses of whole pages are for the tests to judge. */
function watch(context: BrowserContext, stack: Stack, complain: (text: string) => void): void {
  const ours = new Set([stack.issuer, stack.phoneUrl, stack.sampleAppUrl].map((url) => new URL(url).origin));
  const pages = new Set<string>();
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && !ours.has(url.origin))
      complain(`asked ${url.origin} for ${url.pathname}`);
    if (request.isNavigationRequest()) pages.add(request.url());
  });
  context.on('console', (message) => {
    const isStatusOfPage =
      message.text().startsWith('Failed to load resource: the server responded') &&
      pages.has(message.location().url);
    if (message.type() === 'error' && !isStatusOfPage)
      complain(`console: ${message.text()} at ${message.location().url}`);
  });
  context.on('weberror', (error) => {
    complain(`script: ${error.error().message}`);
  });
}

async function picture(contexts: readonly BrowserContext[], test: string): Promise<void> {
  const directory = join(root, 'test-results');
  await mkdir(directory, { recursive: true });
  const name = test.replace(/[^\p{Letter}\d]+/gu, '-').slice(0, 80);
  const pages = contexts.flatMap((context) => context.pages());
  await Promise.all(
    pages.map((page, index) =>
      // A picture that cannot be taken must not hide why the test failed.
      page.screenshot({ path: join(directory, `${name}-${index + 1}.png`) }).catch(() => undefined),
    ),
  );
}
