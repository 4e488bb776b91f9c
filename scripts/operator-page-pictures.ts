/**
 * Takes the pictures of the operator's page for docs/operations.md: `node scripts/operator-page-pictures.ts [DIRECTORY]`. They show a
 * day of made-up traffic, of which the first hours are not kept.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { launchChromium } from '../e2e/support/browser/chromium.ts';
import { root } from '../e2e/support/project.ts';
import type { AuditData, AuditEntry } from '../src/audit/audit-store.ts';
import { createLogger } from '../src/log/logger.ts';
import type { InstanceGauges } from '../src/ops/instance-store.ts';
import { createOpsApp } from '../src/ops/ops.ts';
import { referenceOf } from '../src/reference.ts';
import { isOutage } from '../src/store/errors.ts';
import { createSecrets } from '../src/secrets/secrets.ts';
import { openTestStore } from '../test/support/database.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TOKEN = 'kZ3v8Qm1Xw7Lr5Tn9Bd2Hs6Yc4Jf0PgA';
const NOW = Date.UTC(2026, 10, 29, 17, 20);
const CODES = ['user_refused', 'timeout', 'user_refused', 'account_not_found', 'wrong_verification_code'];
const CLIENTS = ['web-shop', 'library', 'clinic', 'web-shop'];
const FLOWS = ['qr', 'web2app', 'qr', 'notification'];

const directory = process.argv[2] ?? join(root, 'docs');
const now = () => NOW;
const secrets = createSecrets('a secret key for pictures, which is long enough');
const log = createLogger({ level: 'silent' });
const store = await openTestStore({ now });
await store.audit.append(dayOfTraffic());
const gauges: InstanceGauges = {
  waitingLogins: 3,
  circuit: 'closed',
  pool: { inUse: 1, idle: 4, waiting: 0 },
  eventLoopLagMs: 11.2,
  queuedEvents: 0,
  lostEvents: 0,
};
for (const [id, circuit] of [
  ['0c6f2d9e-7a41-4d6b-9a51-1b1f0f7f7d11', 'closed'],
  ['8f0a3b52-55d0-4f6a-b7a7-6fd6f2a4c0de', 'half_open'],
] as const) {
  const heartbeat = { id, version: '0.1.0', startedAt: NOW - 2 * DAY, stopped: false };
  await store.instances.beat({ ...heartbeat, gauges: { ...gauges, circuit } });
}
const server = createServer();
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
const app = createOpsApp({
  token: TOKEN,
  origins: [origin],
  issuer: 'https://login.example.ee',
  secrets,
  figures: store.figures,
  instances: store.instances,
  clients: () =>
    Promise.resolve([
      { id: 'web-shop', name: 'Web shop' },
      { id: 'library', name: 'City library' },
      { id: 'clinic', name: 'Clinic' },
    ]),
  expiries: () =>
    Promise.resolve([
      {
        kind: 'signing key',
        name: 'RS256 Zq3xk81s',
        at: NOW + 41 * DAY,
        warningDays: 0,
        note: 'current; is replaced then',
      },
      { kind: 'trust anchor', name: 'EID-Q 2024E', at: Date.UTC(2039, 4, 20), warningDays: 60, note: '' },
      {
        kind: 'TLS certificate',
        name: 'of Smart-ID, as this instance saw it last',
        at: NOW + 120 * DAY,
        warningDays: 21,
        note: '',
      },
    ]),
  pins: ['x4QzPSC810K5/cMjb05Qm4k3Bw5zBn4lTdO/nEW/Td4='],
  auditDays: 365,
  isOutage,
  log,
  now,
});
const handle = app.callback();
server.on('request', (request, response) => void handle(request, response));
const browser = await launchChromium();
try {
  for (const [device, viewport] of [
    ['computer', { width: 1280, height: 800 }],
    ['phone', { width: 360, height: 740 }],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        viewport,
        colorScheme,
        deviceScaleFactor: device === 'phone' ? 2 : 1,
        extraHTTPHeaders: { Authorization: `Bearer ${TOKEN}` },
      });
      const page = await context.newPage();
      await page.goto(origin);
      // One picture of each device is in the documentation: by day on a computer, by night on a phone.
      const isShown = (device === 'computer') === (colorScheme === 'light');
      const isOwn = process.argv[2] !== undefined;
      const name = `operator-${device}${isOwn ? `-${colorScheme}` : ''}.png`;
      if (isShown || isOwn) await page.screenshot({ path: join(directory, name), fullPage: isOwn });
      await context.close();
    }
  }
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
  await store.close();
}

/** Logins of the last 19 hours, more by day than by night, with the outcomes of a usual day. */
function dayOfTraffic(): AuditEntry[] {
  const entries: Omit<AuditEntry, 'number' | 'instance'>[] = [];
  for (let hour = 19; hour >= 0; hour--) {
    const begin = Math.floor(NOW / HOUR) * HOUR - hour * HOUR;
    const oClock = new Date(begin).getUTCHours();
    const logins = 4 + Math.round(26 * Math.max(0, Math.sin(((oClock - 5) / 16) * Math.PI)));
    for (let index = 0; index < logins; index++) {
      const seed = hour * 31 + index * 7;
      const at = begin + Math.floor((index * 1_100_000) / logins);
      const what: AuditData = {
        attempt: randomUUID(),
        client: CLIENTS[seed % 4] ?? '',
        flow: FLOWS[(seed >> 1) % 4] ?? '',
      };
      const data = { ...what, reference: referenceOf(String(what.attempt)) };
      const session = 180 + ((seed * 37) % 400);
      const person = 6_000 + ((seed * 733) % 21_000);
      const add = (event: string, more: AuditData = {}) =>
        entries.push({ at, event, data: { ...data, ...more } });
      add('login_begun');
      add('login_waiting', { milliseconds: session });
      if (seed % 9 === 4) {
        add('login_failed', {
          milliseconds: person,
          code: CODES[seed % 5] ?? '',
          detail: 'as Smart-ID answered',
        });
      } else if (seed % 13 === 5) {
        add('login_cancelled', { milliseconds: person });
      } else {
        add('login_authenticated', { milliseconds: session + person, legMilliseconds: person });
        add('login_finished', {
          milliseconds: session + person + 90,
          legMilliseconds: 40 + ((seed * 11) % 120),
        });
      }
      if (seed % 61 === 3) add('login_limited', { by: 'address' });
    }
  }
  const instance = randomUUID();
  return entries.map((entry, index) => ({ ...entry, instance, number: index + 1 }));
}
