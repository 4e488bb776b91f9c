/**
 * Generates docs/configuration.md and .env.example from the configuration schema, and docs/client-settings.md from the schema
 * of client metadata. With `--check` it writes nothing, and
 * fails when they are out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECTIONS } from '../src/config/config.ts';
import type { Section, Variable } from '../src/config/variable.ts';
import { clientSettingsPage } from './client-settings-page.ts';

const allSections: Readonly<Record<string, Section>> = SECTIONS;
const root = join(import.meta.dirname, '..');
const generated = {
  'docs/configuration.md': configurationPage(),
  '.env.example': environmentExample(),
  'docs/client-settings.md': clientSettingsPage(),
};

const drifted = Object.entries(generated).filter(([path, text]) => read(path) !== text);
if (process.argv.includes('--check')) {
  for (const [path] of drifted) console.error(`${path} has drifted from the schema: run npm run docs`);
  process.exitCode = drifted.length === 0 ? 0 : 1;
} else {
  for (const [path, text] of drifted) writeFileSync(join(root, path), text);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

function configurationPage(): string {
  const sections = Object.entries(allSections).map(
    ([title, section]) =>
      `## ${title}\n\n| Variable | Default | Meaning |\n| --- | --- | --- |\n${Object.entries(section)
        .map(([name, variable]) => row(name, variable))
        .join('\n')}\n`,
  );
  return [
    '# Configuration\n',
    'Sild is configured by environment variables. With none at all it runs on this machine with a simulated Smart-ID.\n',
    '`npm start` and `npx sild` also read the file `.env` in their working directory, if there is one: copy `.env.example`. A variable of the environment wins, also an empty one. `ENV_FILE` in the environment names another file; with an empty one no file is read. `NODE_EXTRA_CA_CERTS`, `NODE_OPTIONS` and `NODE_USE_SYSTEM_CA`, which Node reads before, belong in the environment: a file with one of them is refused.\n',
    'An empty variable counts as unset. A variable marked _secret_ can be given as a file instead: `NAME_FILE` is the path of a file that holds the value. Every problem is reported at once, by variable name, before anything starts.\n',
    '<!-- Generated from src/config by `npm run docs`. -->\n',
    ...sections,
  ].join('\n');
}

function row(name: string, variable: Variable): string {
  const { description, example, secret } = variable.meta;
  const meaning = [description, ...(example === undefined ? [] : [`Example: \`${example}\``])].join(' ');
  return `| \`${name}\`${secret ? ' _secret_' : ''} | ${defaultOf(variable, '`')} | ${meaning} |`;
}

function defaultOf({ schema, meta }: Variable, quote = ''): string {
  if (meta.defaultText !== undefined) return meta.defaultText;
  const value = schema.safeParse(undefined).data;
  return value === undefined ? '' : `${quote}${JSON.stringify(value).replaceAll('"', '')}${quote}`;
}

function environmentExample(): string {
  const sections = Object.entries(allSections).map(([title, section]) => {
    const entries = Object.entries(section).map(([name, variable]) => {
      const { description, defaultText, example, secret } = variable.meta;
      const value = example ?? (defaultText === undefined ? defaultOf(variable) : '');
      return [
        `# ${description}`,
        ...(defaultText === undefined ? [] : [`# Default: ${defaultText}`]),
        ...(secret ? [`# Or ${name}_FILE: the path of a file that holds it.`] : []),
        `#${name}=${value}`,
      ].join('\n');
    });
    return `### ${title}\n\n${entries.join('\n\n')}\n`;
  });
  return [
    '# Sild works without any of these. Copy this file to .env, which npm start and npx sild read; the environment wins.',
    '# Generated from src/config by `npm run docs`.\n',
    ...sections,
  ].join('\n');
}
