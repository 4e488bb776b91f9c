import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { reportCommand } from '../../../src/commands/history/report.ts';
import { createTestPki, days } from '../../support/certificates/certificates.ts';
import { issueServerCertificate, pemOf } from '../../support/servers/tls-server.ts';
import { BEGINNING, type Audited, recordLogin, startAudited } from './audited.ts';

const HOUR = 3_600_000;
const NOW = BEGINNING + 2 * HOUR + 1_800_000;
let audited: Audited;
before(async () => {
  audited = await startAudited();
  await recordLogin(audited, 'a', BEGINNING, 'finished');
  await recordLogin(audited, 'b', BEGINNING + 60_000, 'finished', { client: 'shop' });
  await recordLogin(audited, 'c', BEGINNING + HOUR, { code: 'timeout', detail: 'TIMEOUT' });
  await recordLogin(
    audited,
    'd',
    BEGINNING + HOUR + 60_000,
    { code: 'timeout', detail: 'TIMEOUT' },
    { client: 'shop' },
  );
  await recordLogin(audited, 'e', BEGINNING + HOUR + 120_000, {
    code: 'user_refused',
    detail: 'USER_REFUSED',
  });
  await recordLogin(audited, 'f', BEGINNING + 2 * HOUR, 'cancelled');
  await recordLogin(audited, 'g', BEGINNING + 2 * HOUR + 60_000, 'open');
  await audited.record(
    BEGINNING + 2 * HOUR + 120_000,
    { event: 'login_limited', by: 'push', attempt: 'h', client: 'portal' },
    { event: 'browser_refused', client: 'portal' },
    { event: 'audit_events_lost', count: 17 },
    { event: 'refusals_omitted', of: 'oidc_refused', count: 5 },
  );
});
after(() => audited.stop());

function report(...args: readonly string[]) {
  return reportIn({}, ...args);
}

async function reportIn(environment: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const lines: string[] = [];
  const json = args.includes('--json');
  await reportCommand(args.filter((arg) => arg !== '--json'))({
    store: audited.store.audit,
    json,
    environment,
    now: () => NOW,
    print: async (line) => void lines.push(line),
  });
  return lines;
}

async function figures(...args: readonly string[]) {
  return JSON.parse((await report(...args, '--json')).join('')) as Record<string, unknown> & {
    slots: { from: string; kept: boolean; begun?: number; failed?: number }[];
  };
}

describe('sild report', () => {
  it('counts the outcomes and causes of a day, and the times of finished logins', async () => {
    const found = await figures();
    const {
      begun,
      finished,
      failed,
      cancelled,
      open,
      failures,
      refusals,
      medianSeconds,
      medianLegs,
      slowestLeg,
    } = found;
    assert.deepEqual(
      { begun, finished, failed, cancelled, open, failures, refusals, medianSeconds, medianLegs, slowestLeg },
      {
        begun: 8,
        finished: 2,
        failed: 4,
        cancelled: 1,
        open: 1,
        failures: { timeout: 2, user_refused: 1, 'limit: push': 1 },
        refusals: { browser_refused: 1 },
        medianSeconds: 9.5,
        medianLegs: { smartId: 1, person: 8, completion: 0.5 },
        slowestLeg: 'person',
      },
    );
  });

  it('has a slot for each hour or day, and says of those before the audit that nothing is kept', async () => {
    const { slots } = await figures();
    assert.equal(slots.length, 24);
    assert.deepEqual(slots.slice(-4), [
      { from: '2031-04-05T07:00:00.000Z', kept: false },
      { from: '2031-04-05T08:00:00.000Z', kept: true, begun: 2, failed: 0 },
      { from: '2031-04-05T09:00:00.000Z', kept: true, begun: 3, failed: 3 },
      { from: '2031-04-05T10:00:00.000Z', kept: true, begun: 3, failed: 1 },
    ]);
    const week = (await figures('--week')).slots;
    assert.deepEqual([week.length, week.at(-1)?.begun, week.at(-2)?.kept], [7, 8, false]);
  });

  it('counts one client alone', async () => {
    const { begun, finished, failed } = await figures('--client', 'shop');
    assert.deepEqual({ begun, finished, failed }, { begun: 2, finished: 1, failed: 1 });
  });

  it('says what is not in the figures', async () => {
    const { gaps } = await figures();
    assert.deepEqual(gaps, {
      keptFrom: '2031-04-05T08:00:00.000Z',
      empty: false,
      lost: 17,
      omittedRefusals: 5,
      unstopped: 0,
    });
    const text = (await report()).join('\n');
    for (const part of [
      '07:00  not kept',
      'the audit begins there',
      '17 events were lost',
      '5 refusals beyond',
    ]) {
      assert.ok(text.includes(part), part);
    }
  });

  it('has the certificate of the TLS chain that expires first', async (test) => {
    const directory = await mkdtemp(join(tmpdir(), 'sild-report-'));
    test.after(() => rm(directory, { recursive: true }));
    const file = join(directory, 'chain.pem');
    const pki = createTestPki({ now: new Date(NOW) });
    const until = (day: number) =>
      pemOf(issueServerCertificate(pki, { notAfter: days(pki.now, day) }).certificate);
    const expires = async (text: string) => {
      await writeFile(file, text);
      const [document = ''] = await reportIn({ TLS_CERT_FILE: ` ${file} ` }, '--json');
      return (JSON.parse(document) as { expires: unknown }).expires;
    };
    const early = days(pki.now, 3).toISOString();
    assert.deepEqual(await expires(until(90) + until(3)), [{ what: 'TLS_CERT_FILE', at: early }]);
    assert.deepEqual(await expires('no certificate'), [{ what: 'TLS_CERT_FILE' }]);
  });

  it('fits 80 columns with names of any length', async () => {
    for (const lines of [await report(), await report('--week'), await report('--client', 'x'.repeat(200))]) {
      assert.ok(lines.length > 10);
      assert.deepEqual(
        lines.filter((line) => line.length > 80),
        [],
      );
    }
    const bars = (await report()).filter((line) => line.includes('#'));
    assert.ok(
      bars.some((line) => /^09:00 {2}#{40} 3, 3 failed$/.test(line)),
      bars.join('\n'),
    );
  });

  it('knows nothing of an empty audit, and does not draw zeros for it', async () => {
    const empty = await startAudited();
    try {
      const lines: string[] = [];
      await reportCommand([])({
        store: empty.store.audit,
        json: false,
        environment: {},
        now: () => NOW,
        print: async (line) => void lines.push(line),
      });
      const text = lines.join('\n');
      assert.match(text, /The audit has no events/);
      assert.equal(lines.filter((line) => line.endsWith('not kept')).length, 24);
      assert.match(text, /No login finished/);
    } finally {
      await empty.stop();
    }
  });
});
