import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { receiptCommand } from '../../src/commands/receipt.ts';
import { UsageError } from '../../src/commands/usage.ts';
import { testPki } from '../support/answers/authentication-responses.ts';
import { issueAuthentication } from '../support/certificates/certificates.ts';
import { exchangeFor } from '../support/defects/defect.ts';
import {
  evidenceFrom,
  payloadFor,
  receiptKeys,
  recordedAnswers,
  signedReceipt,
} from '../support/outputs/receipts.ts';

const CLI = new URL('../../src/cli.ts', import.meta.url).pathname;

describe('sild receipt verify', () => {
  const issued = issueAuthentication(testPki);
  let directory: string;
  const write = (name: string, text: string) => writeFile(join(directory, name), text);
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sild-receipt-'));
    await mkdir(join(directory, 'ca'));
    for (const [name, ca] of Object.entries({ root: testPki.root, issuing: testPki.issuing })) {
      await write(`ca/${name}.pem`, new X509Certificate(ca.certificate).toString());
    }
    await write('keys.json', JSON.stringify(receiptKeys));
    const answers = await recordedAnswers(issued.certificate);
    const evidence = evidenceFrom(exchangeFor('Web2App', { issued }), answers);
    await write('receipt.txt', await signedReceipt(payloadFor(evidence)));
    await write('altered.txt', await signedReceipt(payloadFor({ ...evidence, callback: undefined })));
    await write('unchecked.txt', await signedReceipt(payloadFor({ ...evidence, revocation: [] })));
    const v2 = evidenceFrom(exchangeFor('v2', { issued }), answers);
    await write(
      'v2.txt',
      await signedReceipt(payloadFor({ ...v2, notSigned: ['interactions', 'relyingPartyName'] })),
    );
  });
  after(() => rm(directory, { recursive: true }));

  async function verify(...args: readonly string[]) {
    const lines: string[] = [];
    const errors: string[] = [];
    const json = args.includes('--json');
    const status = await receiptCommand(['verify', ...args.filter((arg) => arg !== '--json')])({
      directory,
      trust: () => undefined,
      now: testPki.now,
      print: (line) => lines.push(line),
      complain: (line) => errors.push(line),
      json,
    });
    return { status, text: lines.join('\n'), errors };
  }
  const ALL = ['--keys', 'keys.json', '--ca', 'ca'];

  it('says whose login it was, and what was shown', async () => {
    const { status, text, errors } = await verify('receipt.txt', ...ALL);
    assert.deepEqual([status, errors], [0, []]);
    assert.match(text, /^The receipt is genuine/);
    for (const part of [
      'PNOEE-40504040001',
      'QUALIFIED',
      'web2app',
      'Log in to Sample app',
      'good by OCSP, good by OCSP',
    ]) {
      assert.ok(text.includes(part), part);
    }
  });

  it('answers in JSON', async () => {
    const genuine = JSON.parse((await verify('receipt.txt', ...ALL, '--json')).text) as Record<
      string,
      unknown
    >;
    assert.deepEqual(
      [genuine.verified, genuine.signed_by_sild, genuine.client, genuine.person, genuine.flow],
      [true, true, 'client', 'PNOEE-40504040001', 'web2app'],
    );
    const refused = JSON.parse((await verify('altered.txt', ...ALL, '--json')).text) as Record<
      string,
      unknown
    >;
    assert.deepEqual([refused.verified, refused.code], [false, 'callback_missing']);
  });

  it('fails with the code of the step', async () => {
    for (const [args, code] of [
      [['altered.txt', ...ALL], 'callback_missing'],
      [['receipt.txt', ...ALL, '--at', '2019-01-01T00:00:00Z'], 'certificate_not_yet_valid'],
      [['unchecked.txt', ...ALL], 'revocation_unavailable'],
    ] as const) {
      const { status, errors, text } = await verify(...args);
      assert.equal(status, 1);
      assert.equal(text, '');
      assert.match(errors.join('\n'), new RegExp(`^Refused: ${code}: `));
    }
  });

  it('accepts unchecked revocation, or the evidence alone, only if told so, and says it', async () => {
    const unchecked = await verify('unchecked.txt', ...ALL, '--without-revocation');
    assert.equal(unchecked.status, 0);
    assert.match(unchecked.text, /^Revocation +not verified$/m);
    const evidence = await verify('receipt.txt', '--evidence-only', '--ca', 'ca');
    assert.equal(evidence.status, 0);
    assert.match(evidence.text, /^Signature +NOT VERIFIED/m);
  });

  it('says what RP API v2 does not sign', async () => {
    assert.match(
      (await verify('v2.txt', ...ALL)).text,
      /^Not signed +by the person: interactions, relyingPartyName$/m,
    );
  });

  it('refuses to guess the keys or the CAs', async () => {
    await assert.rejects(verify('receipt.txt', '--keys', 'keys.json'), UsageError);
    assert.throws(() => receiptCommand(['verify', 'receipt.txt', '--ca', 'ca']), UsageError);
    assert.throws(() => receiptCommand(['verify', 'receipt.txt', ...ALL, '--evidence-only']), UsageError);
    assert.throws(() => receiptCommand(['verify', 'receipt.txt', ...ALL, '--at', 'yesterday']), UsageError);
    await assert.rejects(verify('no.txt', ...ALL), UsageError);
    await assert.rejects(verify('receipt.txt', '--keys', 'receipt.txt', '--ca', 'ca'), UsageError);
  });

  it('runs in a process of its own, without a database', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [CLI, 'receipt', 'verify', 'receipt.txt', ...ALL],
      { cwd: directory, env: { PATH: process.env.PATH } },
    );
    assert.match(stdout, /^The receipt is genuine/);
  });
});
