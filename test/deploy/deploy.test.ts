/** The files of deploy/, by the programs that read them. A program that is not installed is reported as skipped. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { createMetrics } from '../../src/metrics/create-metrics.ts';
import { TIME_LIMITS } from '../../src/web/http-server.ts';
import { alerts, dashboardQueries, namedMetrics } from '../support/outputs/named-metrics.ts';
import { installedProgram } from '../support/installed-program.ts';
import { selfSigned } from '../support/certificates/self-signed.ts';

const deploy = join(import.meta.dirname, '..', '..', 'deploy');

function skipWithout(program: string, from: string) {
  return installedProgram(program) === undefined
    ? { skip: `${program} is not installed: apt-get install ${from}` }
    : {};
}

function run(program: string, ...args: readonly string[]) {
  return spawnSync(installedProgram(program) ?? program, args, { encoding: 'utf8', cwd: deploy });
}

describe('the alerts', () => {
  it('are accepted by Prometheus, and fire when they should', skipWithout('promtool', 'prometheus'), () => {
    for (const args of [
      ['check', 'rules', 'alerts.yaml'],
      ['test', 'rules', 'alerts_test.yaml'],
    ]) {
      const { status, stdout, stderr } = run('promtool', ...args);
      assert.equal(status, 0, stdout + stderr);
    }
  });

  it('are all explained to operators', () => {
    const operations = readFileSync(join(deploy, '..', 'docs', 'operations.md'), 'utf8');
    for (const { alert } of alerts()) assert.ok(operations.includes(`| \`${alert}\``), alert);
  });
});

/** The text format of every metric with a value: promtool sees no others. */
async function withSamples(): Promise<string> {
  const metrics = createMetrics(Date.now);
  const leg = { outcome: 'done', seconds: 1 };
  const login = { client: 'shop', flow: 'qr' };
  const notAfter = new Date();
  metrics.loginBegun(login);
  metrics.loginEnded({ ...login, ...leg, outcome: 'finished' });
  metrics.smartIdAnswered({ endpoint: 'session', ...leg });
  metrics.answerVerified(leg);
  metrics.revocationAsked({ source: 'ocsp', ...leg });
  metrics.statementEnded(leg);
  metrics.requestEnded({ route: 'login', ...leg });
  metrics.countConnections(() => ({ inUse: 1, idle: 1, waiting: 0 }));
  metrics.signingKeys([{ alg: 'RS256', dueAt: 0 }]);
  metrics.smartIdPresented({ notAfter });
  metrics.tlsServed({ notAfter });
  metrics.trustAnchors([{ name: 'EID-SK', fingerprint: 'AA', notAfter }]);
  const { text } = await metrics.exposition();
  for (const [, name = ''] of text.matchAll(/^# TYPE (sild_\w+) /gm))
    assert.match(text, new RegExp(`^${name}(_count)?[ {]`, 'm'));
  return text;
}

describe('the metrics', () => {
  it('have names by the conventions of Prometheus', skipWithout('promtool', 'prometheus'), async () => {
    const text = await withSamples();
    const { stderr } = spawnSync(installedProgram('promtool') ?? 'promtool', ['check', 'metrics'], {
      encoding: 'utf8',
      input: text,
    });
    const named = stderr.split('\n').filter((line) => line !== '');
    // Those of prom-client itself have been named otherwise for long.
    assert.ok(
      named.some((line) => line.startsWith('nodejs_active_handles_total ')),
      stderr,
    );
    assert.deepEqual(
      named.filter((line) => !line.startsWith('nodejs_active_')),
      [],
    );
  });
});

describe('the alerts and the dashboard', () => {
  it('name metrics that there are', async () => {
    const { text: published } = await createMetrics(Date.now).exposition();
    const named = namedMetrics();
    assert.ok(named.length > 15);
    for (const name of named) assert.match(published, new RegExp(`^# TYPE ${name} `, 'm'));
  });

  it('ask in PromQL', skipWithout('promtool', 'prometheus'), () => {
    const recorded = dashboardQueries().map((expr, number) => ({ record: `panel_${number}`, expr }));
    const file = join(mkdtempSync(join(tmpdir(), 'sild-dashboard-')), 'rules.yaml');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: recorded }] }));
    const { status, stdout, stderr } = run('promtool', 'check', 'rules', '--lint=none', file);
    rmSync(dirname(file), { recursive: true });
    assert.equal(status, 0, stdout + stderr);
  });

  it('are read by a Prometheus that is configured', skipWithout('promtool', 'prometheus'), () => {
    const { status, stdout, stderr } = run('promtool', 'check', 'config', 'prometheus.yaml');
    assert.equal(status, 0, stdout + stderr);
  });
});

describe('the proxies', () => {
  it('use no connection to an instance that it may be closing, which could cost a form', () => {
    assert.match(readFileSync(join(deploy, 'haproxy.cfg'), 'utf8'), /^ +option http-server-close$/m);
    for (const [file, pattern] of [
      ['nginx.conf', /^\s+keepalive_timeout (\d+)s;$/m],
      ['Caddyfile', /^\s+keepalive (\d+)s$/m],
    ] as const) {
      const [, seconds] = pattern.exec(readFileSync(join(deploy, file), 'utf8')) ?? [];
      assert.ok(Number(seconds) * 1000 < TIME_LIMITS.idle, file);
    }
  });
});

describe('haproxy.cfg', () => {
  it('is accepted by HAProxy, without a warning', skipWithout('haproxy', 'haproxy'), () => {
    const directory = mkdtempSync(join(tmpdir(), 'sild-haproxy-'));
    const { cert, key } = selfSigned('login.example.ee');
    const certificate = join(directory, 'login.example.ee.pem');
    writeFileSync(certificate, cert + key);
    const text = readFileSync(join(deploy, 'haproxy.cfg'), 'utf8');
    const file = join(directory, 'haproxy.cfg');
    writeFileSync(file, text.replace('/etc/ssl/login.example.ee.pem', certificate));
    const { status, stdout, stderr } = run('haproxy', '-c', '-dW', '-f', file);
    rmSync(directory, { recursive: true });
    assert.equal(status, 0, stdout + stderr);
  });

  it('gives up the rights of root', () => {
    const text = readFileSync(join(deploy, 'haproxy.cfg'), 'utf8');
    assert.match(text, /^global\n(?: .*\n)* +user haproxy\n +group haproxy\n +chroot \/var\/lib\/haproxy\n/m);
  });
});

describe('the systemd unit', () => {
  it('is accepted by systemd', skipWithout('systemd-analyze', 'systemd'), () => {
    const { stderr } = run('systemd-analyze', 'verify', './sild.service');
    // The program is not where the unit has it.
    assert.deepEqual(
      stderr.split('\n').filter((line) => line !== '' && !line.includes('/opt/sild')),
      [],
    );
  });

  it('leaves the service little that it does not need', skipWithout('systemd-analyze', 'systemd'), () => {
    const { status, stdout, stderr } = run(
      'systemd-analyze',
      'security',
      '--offline=true',
      '--threshold=20',
      './sild.service',
    );
    // Its exposure is at most 2.0 of 10.
    assert.equal(status, 0, stdout + stderr);
  });
});
