/**
 * The products and the Chromium that the test files of one process share: started by the first test that needs them, and
 * stopped after the last test of the process.
 *
 * The first import of this module has to be outside of every suite, since its hook belongs to where it is imported.
 */
import assert from 'node:assert/strict';
import { after } from 'node:test';
import type { Browser } from 'playwright';
import { launchChromium } from './browser/chromium.ts';
import { type Stack, startStack } from './stack.ts';

let browser: Promise<Browser> | undefined;
const stacks = new Map<string, Promise<Stack>>();

export function sharedBrowser(): Promise<Browser> {
  browser ??= launchChromium();
  return browser;
}

/** The product with these environment variables. */
export function sharedStack(variables: Readonly<Record<string, string>>): Promise<Stack> {
  const key = JSON.stringify(Object.entries(variables).sort());
  const stack = stacks.get(key) ?? startStack(variables);
  stacks.set(key, stack);
  return stack;
}

after(async () => {
  await (await browser)?.close();
  for (const stack of stacks.values())
    assert.equal(await (await stack).stop(), 0, 'the product exits with 0 after SIGTERM');
});
