/**
 * The environment of browser tests: a running product and a Chromium, which the files of one process share, and checks on
 * every page.
 *
 * After each test its pages are closed. The test fails if a page sent a request to another host, logged an error to the
 * console, threw an error, or violated its Content-Security-Policy; and if a page of Sild had no heading, did not name the
 * service that the browser knew, or had no way on.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from 'playwright';
import { root } from '../project.ts';
import { sharedBrowser, sharedStack } from '../per-process.ts';
import { type Stack, startStack } from '../stack.ts';
import { checkWaysOn, type WayOnCheck } from './way-on.ts';

export interface Journey {
  readonly stack: Stack;
  /**
   * Opens a page in a new browser context without cookies. The context can open more tabs.
   *
   * @param otherOrigins to which its pages may send requests beside those of the product
   */
  open(options?: BrowserContextOptions, otherOrigins?: readonly string[]): Promise<Page>;
}

/** Time limit of each step. */
const STEP_TIMEOUT_MS = 15_000;

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

/**
 * Registers the hooks of a `describe` block.
 *
 * @param variables environment variables of the product
 * @param options.alone whether the product is these tests' own, since they change it for others. Default: false.
 */
export function prepareJourney(
  variables: Readonly<Record<string, string>> = {},
  { alone = false }: { readonly alone?: boolean } = {},
): Journey {
  let stack: Stack | undefined;
  let browser: Browser | undefined;
  let contexts: BrowserContext[] = [];
  let violations: string[] = [];
  let waysOn: WayOnCheck[] = [];

  before(async () => {
    [stack, browser] = await Promise.all([
      alone ? startStack(variables) : sharedStack(variables),
      sharedBrowser(),
    ]);
  });

  afterEach(async (t) => {
    if ('passed' in t && !t.passed) await takeScreenshots(contexts, t.name);
    const missing = (await Promise.all(waysOn.map((check) => check.missing()))).flat();
    waysOn = [];
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    const found = violations;
    violations = [];
    assert.deepEqual(found, [], `the browser reported:\n${found.join('\n')}`);
    assert.deepEqual(missing, [], 'pages without a way on');
  });

  after(async () => {
    if (alone) assert.equal(await stack?.stop(), 0, 'the product exits with 0 after SIGTERM');
  });

  return {
    get stack() {
      assert.ok(stack, 'the product runs');
      return stack;
    },
    async open(options = {}, otherOrigins = []) {
      assert.ok(browser && stack, 'the browser runs');
      const context = await browser.newContext({ viewport: { width: 1100, height: 700 }, ...options });
      contexts.push(context);
      context.setDefaultTimeout(STEP_TIMEOUT_MS);
      await holdBack(context);
      waysOn.push(checkWaysOn(context, stack.issuer));
      watch(context, stack, otherOrigins, (violation) => violations.push(violation));
      return context.newPage();
    },
  };
}

async function holdBack(context: BrowserContext): Promise<void> {
  const { HOLD_BACK } = process.env;
  if (HOLD_BACK === undefined) return;
  const [kind = '', milliseconds] = HOLD_BACK.split(':');
  if (kind === 'redirects') {
    context.on('page', (page) => void holdBackRedirects(page, Number(milliseconds)));
    return;
  }
  const isHeldBack = KINDS[kind];
  assert.ok(isHeldBack, `HOLD_BACK: ${[...Object.keys(KINDS), 'redirects'].join(', ')}`);
  await context.route('**/*', async (route, request) => {
    if (isHeldBack(request)) await delay(Number(milliseconds));
    // The page may have been closed meanwhile.
    await route.continue().catch(() => undefined);
  });
}

/** A redirect is a response that no page sees, so routes do not either: Chromium's own interception does. */
async function holdBackRedirects(page: Page, milliseconds: number): Promise<void> {
  const devTools = await page.context().newCDPSession(page);
  devTools.on('Fetch.requestPaused', ({ requestId, responseStatusCode = 0 }) => {
    void (async () => {
      if (responseStatusCode >= 300 && responseStatusCode < 400) await delay(milliseconds);
      // The page may have been closed meanwhile.
      await devTools.send('Fetch.continueResponse', { requestId }).catch(() => undefined);
    })();
  });
  await devTools.send('Fetch.enable', {
    patterns: [{ requestStage: 'Response', resourceType: 'Document' }],
  });
}

/** Reports forbidden behaviour of pages. The tests themselves check the HTTP statuses of whole pages. */
function watch(
  context: BrowserContext,
  stack: Stack,
  otherOrigins: readonly string[],
  report: (text: string) => void,
): void {
  const ownOrigins = new Set(
    [stack.issuer, stack.phoneUrl, stack.sampleAppUrl, ...otherOrigins].map((url) => new URL(url).origin),
  );
  const pages = new Set<string>();
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && !ownOrigins.has(url.origin))
      report(`request to ${url.origin} for ${url.pathname}`);
    if (request.isNavigationRequest()) pages.add(request.url());
  });
  context.on('console', (message) => {
    const isStatusOfPage =
      message.text().startsWith('Failed to load resource: the server responded') &&
      pages.has(message.location().url);
    if (message.type() === 'error' && !isStatusOfPage)
      report(`console: ${message.text()} at ${message.location().url}`);
  });
  context.on('weberror', (error) => {
    report(`script: ${error.error().message}`);
  });
}

async function takeScreenshots(contexts: readonly BrowserContext[], test: string): Promise<void> {
  const directory = join(root, 'test-results');
  await mkdir(directory, { recursive: true });
  const name = test.replace(/[^\p{Letter}\d]+/gu, '-').slice(0, 80);
  const pages = contexts.flatMap((context) => context.pages());
  await Promise.all(
    pages.map((page, index) =>
      // A failing screenshot must not hide the failure of the test.
      page.screenshot({ path: join(directory, `${name}-${index + 1}.png`) }).catch(() => undefined),
    ),
  );
}
