/** Dockerfile, compose.yaml and the Kubernetes manifests: what they name is there, and their times fit those of Sild. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { loadConfig } from '../../src/config/config.ts';
import { createMetrics } from '../../src/metrics/create-metrics.ts';
import { installedProgram } from '../support/installed-program.ts';

const deploy = join(import.meta.dirname, '..', '..', 'deploy');
const read = (name: string) => readFileSync(join(deploy, name), 'utf8');

describe('the Dockerfile', () => {
  const dockerfile = read('Dockerfile');

  it('has the Node of the lockfile, in both stages', () => {
    const lock = z
      .object({ packages: z.object({ 'node_modules/node': z.object({ version: z.string() }) }) })
      .parse(JSON.parse(read('../package-lock.json')));
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    const expected = `node:${lock.packages['node_modules/node'].version}-bookworm-slim`;
    assert.deepEqual(bases, [expected, expected]);
  });

  it('installs no development packages, and is not run as root', () => {
    assert.match(dockerfile, /^RUN npm ci --omit=dev --ignore-scripts /m);
    assert.equal(dockerfile.match(/^USER .*$/gm)?.at(-1), 'USER 1000');
  });

  it('copies what the context has', () => {
    const ignored = read('../.dockerignore').split('\n');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from = '']) =>
      from.split(' '),
    );
    assert.ok(copied.length >= 5);
    for (const path of copied) {
      assert.ok(ignored.includes(`!${path}`), path);
      assert.ok(existsSync(join(deploy, '..', path)), path);
    }
  });

  it('is accepted by hadolint', skipWithout('hadolint'), () => {
    const { status, stdout } = spawnSync(installedProgram('hadolint') ?? '', ['Dockerfile'], {
      encoding: 'utf8',
      cwd: deploy,
    });
    assert.equal(status, 0, stdout);
  });
});

const compose = z.object({
  services: z.record(
    z.string(),
    z.object({
      build: z.unknown().optional(),
      volumes: z.array(z.string()).optional(),
      environment: z.record(z.string(), z.string()).optional(),
      env_file: z.string().optional(),
      command: z.array(z.string()).optional(),
      networks: z.record(z.string(), z.object({ ipv4_address: z.string() })).optional(),
      read_only: z.boolean().optional(),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
});

describe('compose.yaml', () => {
  const { services, volumes } = compose.parse(parse(read('compose.yaml'), { merge: true }));
  const instances = Object.entries(services).filter(([, { build }]) => build !== undefined);
  const { PORT = '', METRICS_PORT = '' } = imageEnvironment();

  it('mounts files that there are, or that its first lines ask for', () => {
    const mounts = Object.values(services).flatMap((service) => service.volumes ?? []);
    assert.ok(mounts.length > 7);
    for (const mount of mounts) {
      const [from = ''] = mount.split(':');
      if (from === './trust' || from === './certs') continue;
      assert.ok(from.startsWith('./') ? existsSync(join(deploy, from)) : from in volumes, mount);
    }
  });

  it('has two instances where nginx and Prometheus look for them, also after a restart, that write nothing', () => {
    const names = instances.map(([name]) => name);
    assert.equal(names.length, 2);
    const addresses = instances.map(([, { networks }]) => networks?.default?.ipv4_address ?? '');
    const [, , script = ''] = services.nginx?.command ?? [];
    const replaced = Array.from(script.matchAll(/s\/([^/]+)\/([^/]+)\//g), ([, from, to]) => [from, to]);
    const upstreams = Array.from(read('nginx.conf').matchAll(/^ {4}server (\S+) /gm), ([, server]) => server);
    assert.deepEqual(
      replaced,
      upstreams.map((server, index) => [server, `${addresses[index]}:${PORT}`]),
    );
    assert.equal(new Set(addresses).size, 2);
    const targets = [...read('prometheus.yaml').matchAll(/'([^']+:\d+)'/g)].map(([, target]) => target);
    assert.deepEqual(
      targets.filter((target) => !target?.startsWith('alertmanager:')),
      names.map((name) => `${name}:${METRICS_PORT}`),
    );
    for (const [, { read_only }] of instances) assert.equal(read_only, true);
  });

  it('starts with no password missing, and gives none to a service that does not need it', () => {
    const passwords = ['POSTGRES_PASSWORD', 'GRAFANA_PASSWORD'];
    for (const [name, { environment = {}, env_file }] of Object.entries(services)) {
      // Compose reads `.env` itself, for the variables of this file.
      assert.notEqual(env_file, '.env', name);
      for (const value of Object.values(environment))
        for (const [, variable] of value.matchAll(/\$\{?(\w+(?::\?)?)/g))
          assert.match(variable ?? '', /:\?$/);
    }
    const holders = passwords.map((password) =>
      Object.keys(services).filter((name) => JSON.stringify(services[name]).includes(password)),
    );
    assert.deepEqual(holders, [['one', 'two', 'database'], ['grafana']]);
  });
});

/** What the Dockerfile sets. */
function imageEnvironment(): Readonly<Record<string, string>> {
  const [, line = ''] = /^ENV (.+)$/m.exec(read('Dockerfile')) ?? [];
  return Object.fromEntries(line.split(' ').map((pair) => pair.split('=', 2) as [string, string]));
}

const named = z.object({ name: z.string() });
const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });
const container = z.object({
  image: z.string(),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })).optional(),
  envFrom: z.array(z.object({ configMapRef: named.optional(), secretRef: named.optional() })),
  startupProbe: probe,
  readinessProbe: probe,
  livenessProbe: probe,
  lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) }),
  securityContext: z.object({
    readOnlyRootFilesystem: z.literal(true),
    allowPrivilegeEscalation: z.literal(false),
  }),
});
const schemas = {
  ConfigMap: z.object({ metadata: named, data: z.record(z.string(), z.string()) }),
  Deployment: z.object({
    metadata: named,
    spec: z.object({
      selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
      template: z.object({
        metadata: z.object({ labels: z.record(z.string(), z.string()) }),
        spec: z.object({
          enableServiceLinks: z.literal(false),
          terminationGracePeriodSeconds: z.number(),
          securityContext: z.object({ runAsNonRoot: z.literal(true), runAsUser: z.literal(1000) }),
          containers: z.tuple([container]),
        }),
      }),
    }),
  }),
  HorizontalPodAutoscaler: z.object({
    spec: z.object({
      scaleTargetRef: named,
      metrics: z.array(z.object({ type: z.string() })),
    }),
  }),
  PodDisruptionBudget: z.object({ spec: z.object({ selector: z.unknown() }) }),
  NetworkPolicy: z.object({
    spec: z.object({
      podSelector: z.unknown(),
      ingress: z.array(z.object({ ports: z.array(z.object({ port: z.string() })) })),
    }),
  }),
  Service: z.object({
    metadata: named,
    spec: z.object({
      selector: z.unknown(),
      ports: z.array(z.object({ name: z.string(), targetPort: z.string() })),
    }),
  }),
  Ingress: z.object({
    spec: z.object({
      rules: z.tuple([
        z.object({
          host: z.string(),
          http: z.object({
            paths: z.tuple([
              z.object({ backend: z.object({ service: z.object({ name: z.string(), port: named }) }) }),
            ]),
          }),
        }),
      ]),
    }),
  }),
  Job: z.object({
    spec: z.object({
      template: z.object({
        spec: z.object({
          enableServiceLinks: z.literal(false),
          containers: z.tuple([
            z.object({
              image: z.string(),
              command: z.array(z.string()),
              envFrom: z.unknown(),
            }),
          ]),
        }),
      }),
    }),
  }),
};

const additions = z.tuple([
  z.object({
    op: z.string(),
    path: z.string(),
    value: z.object({ type: z.literal('Pods'), pods: z.object({ metric: named }) }),
  }),
]);

describe('the Kubernetes manifests', () => {
  const kustomization = z
    .object({
      resources: z.array(z.string()),
      images: z.tuple([z.object({ name: z.string(), newName: z.string(), newTag: z.string() })]),
    })
    .parse(parse(read('kubernetes/kustomization.yaml')));
  const manifests = [...kustomization.resources, 'migrate.yaml'];
  const objects = manifests.flatMap((name) =>
    parseAllDocuments(read(`kubernetes/${name}`)).map((document) => document.toJS() as unknown),
  );

  function the<Kind extends keyof typeof schemas>(kind: Kind): z.output<(typeof schemas)[Kind]> {
    const found = objects.filter((object) => z.object({ kind: z.string() }).parse(object).kind === kind);
    assert.equal(found.length, 1, kind);
    return schemas[kind].parse(found[0]) as z.output<(typeof schemas)[Kind]>;
  }

  const pod = the('Deployment').spec.template;
  const [sild] = pod.spec.containers;

  it('are all applied, or the Job of the migrations, or what can be added', () => {
    assert.deepEqual(
      readdirSync(join(deploy, 'kubernetes')).sort(),
      [...manifests, 'kustomization.yaml', 'waiting-logins.yaml'].sort(),
    );
    const [{ newName, newTag, name }] = kustomization.images;
    assert.equal(sild.image, name);
    const [migration] = the('Job').spec.template.spec.containers;
    assert.equal(migration.image, `${newName}:${newTag}`);
    assert.deepEqual(migration.command, ['node', 'src/cli.ts', 'migrate']);
    // How the database is reached is in both: DATABASE_URL, PGSSLMODE, DATABASE_POOLER.
    assert.deepEqual(migration.envFrom, sild.envFrom);
  });

  it('refer to each other', () => {
    const { labels } = pod.metadata;
    const selector = { matchLabels: labels };
    assert.deepEqual(the('Deployment').spec.selector, selector);
    assert.deepEqual(the('PodDisruptionBudget').spec.selector, selector);
    assert.deepEqual(the('NetworkPolicy').spec.podSelector, selector);
    assert.deepEqual(the('Service').spec.selector, labels);
    assert.equal(the('HorizontalPodAutoscaler').spec.scaleTargetRef.name, the('Deployment').metadata.name);
    assert.ok(sild.envFrom.some(({ configMapRef }) => configMapRef?.name === the('ConfigMap').metadata.name));
    const [rule] = the('Ingress').spec.rules;
    const [{ backend }] = rule.http.paths;
    const service = the('Service');
    assert.equal(backend.service.name, service.metadata.name);
    assert.ok(service.spec.ports.some(({ name }) => name === backend.service.port.name));
    assert.equal(the('ConfigMap').data.ISSUER, `https://${rule.host}`);
    const ports = sild.ports?.map(({ name }) => name);
    for (const { targetPort } of service.spec.ports) assert.ok(ports?.includes(targetPort));
    assert.deepEqual(
      the('NetworkPolicy').spec.ingress.flatMap((from) => from.ports.map(({ port }) => port)),
      ports,
    );
  });

  it('have the ports of the image, and the paths of the probes', () => {
    const { PORT, METRICS_PORT } = imageEnvironment();
    assert.deepEqual(sild.ports, [
      { name: 'web', containerPort: Number(PORT) },
      { name: 'metrics', containerPort: Number(METRICS_PORT) },
    ]);
    const probes = [sild.startupProbe, sild.readinessProbe, sild.livenessProbe].map(({ httpGet }) => httpGet);
    assert.deepEqual(
      probes,
      ['/readyz', '/readyz?for=balancer', '/healthz'].map((path) => ({ path, port: 'web' })),
    );
  });

  it('add instances by what every cluster can measure, and by the people who wait where that is added', async () => {
    assert.deepEqual(
      the('HorizontalPodAutoscaler').spec.metrics.map(({ type }) => type),
      ['Resource'],
    );
    const [addition] = additions.parse(parse(read('kubernetes/waiting-logins.yaml')));
    assert.deepEqual([addition.op, addition.path], ['add', '/spec/metrics/-']);
    const { text } = await createMetrics(Date.now).exposition();
    assert.match(text, new RegExp(`^# TYPE ${addition.value.pods.metric.name} gauge$`, 'm'));
  });

  it(
    'are built by kustomize, with and without the people who wait',
    skipWithout('kubectl', 'it is a program of Kubernetes'),
    () => {
      const directory = mkdtempSync(join(tmpdir(), 'sild-kustomize-'));
      cpSync(join(deploy, 'kubernetes'), directory, { recursive: true });
      const build = () => {
        const { status, stdout, stderr } = spawnSync(
          installedProgram('kubectl') ?? '',
          ['kustomize', directory],
          {
            encoding: 'utf8',
          },
        );
        assert.equal(status, 0, stderr);
        const built = parseAllDocuments(stdout).map(
          (document) => document.toJS() as { readonly kind: string },
        );
        return schemas.HorizontalPodAutoscaler.parse(
          built.find(({ kind }) => kind === 'HorizontalPodAutoscaler'),
        ).spec.metrics.map(({ type }) => type);
      };
      assert.deepEqual(build(), ['Resource']);
      const file = join(directory, 'kustomization.yaml');
      writeFileSync(file, readFileSync(file, 'utf8').replace('# patches:', 'patches:'));
      assert.deepEqual(build(), ['Resource', 'Pods']);
      rmSync(directory, { recursive: true });
    },
  );

  it('leave an instance the time to drain', () => {
    const [, quiet, limit] =
      /drainQuietMs = ([\d_]+), drainLimitMs = ([\d_]+)/.exec(read('../src/main.ts')) ?? [];
    assert.ok(quiet && limit);
    const drainSeconds = Number(limit.replace('_', '')) / 1000;
    const AUDIT_CLOSE_SECONDS = 5;
    const { seconds } = sild.lifecycle.preStop.sleep;
    assert.ok(pod.spec.terminationGracePeriodSeconds > seconds + drainSeconds + AUDIT_CLOSE_SECONDS);
  });

  it('are settings with which Sild starts, except the operator’s pins and directory', () => {
    const settings = { ...the('ConfigMap').data };
    assert.match(settings.SMARTID_TLS_PINS ?? '', /…$/);
    const config = loadConfig({
      ...settings,
      SMARTID_TLS_PINS: `sha256/${Buffer.alloc(32).toString('base64')}`,
      SMARTID_RP_UUID: '11111111-2222-4333-8444-555555555555',
      SECRET_KEY: 'kq3V8xZ1mB7tR5wY9cD2fG6hJ4nL0pSs',
      DATABASE_URL: 'postgres://sild@database/sild',
    });
    assert.equal(config.trustProxy, 1);
  });

  it('are accepted by the schemas of Kubernetes', skipWithout('kubernetes-validate'), () => {
    const files = manifests.map((name) => join('kubernetes', name));
    const { status, stdout, stderr } = spawnSync(
      installedProgram('kubernetes-validate') ?? '',
      ['--strict', ...files],
      { encoding: 'utf8', cwd: deploy },
    );
    assert.equal(status, 0, stdout + stderr);
  });
});

function skipWithout(program: string, how = `pip install ${program}`) {
  return installedProgram(program) === undefined ? { skip: `${program} is not installed: ${how}` } : {};
}
