/** Runs the commands of docs/receipts.md. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { testPki } from '../support/answers/authentication-responses.ts';
import { issueAuthentication } from '../support/certificates/certificates.ts';
import { exchangeFor, V3_FLOWS } from '../support/defects/defect.ts';
import {
  evidenceFrom,
  payloadFor,
  receiptKeys,
  recordedAnswers,
  signedReceipt,
} from '../support/outputs/receipts.ts';

const page = readFileSync(new URL('../../docs/receipts.md', import.meta.url), 'utf8');
const byHand = page.slice(page.indexOf('## By hand'), page.indexOf('## Size'));
const script = [...byHand.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands = '']) => commands).join('\n');
const run = promisify(execFile);

function hasOpenSsl3(): boolean {
  try {
    return execFileSync('openssl', ['version'], { encoding: 'utf8' }).startsWith('OpenSSL 3');
  } catch {
    return false;
  }
}

describe('verifying a receipt by hand', { skip: hasOpenSsl3() ? false : 'needs OpenSSL 3' }, () => {
  let directory: string;
  const issued = issueAuthentication(testPki);
  const write = (name: string, text: string) => writeFile(join(directory, name), text);
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sild-receipt-'));
    await write('keys.json', JSON.stringify(receiptKeys, undefined, 2));
    await write('root.pem', new X509Certificate(testPki.root.certificate).toString());
    await write('issuing.pem', new X509Certificate(testPki.issuing.certificate).toString());
  });
  after(() => rm(directory, { recursive: true }));

  async function verify(evidence: object, replaced?: (receipt: string) => string): Promise<string> {
    const receipt = await signedReceipt(payloadFor(evidence));
    await write('receipt.txt', `${replaced?.(receipt) ?? receipt}\n`);
    const { stdout, stderr } = await run('sh', ['-c', script], { cwd: directory });
    return stdout + stderr;
  }

  for (const flow of V3_FLOWS) {
    it(`holds for a genuine one: ${flow}`, async () => {
      const session = { relyingPartyName: 'Pank & Ühistu' };
      const given = exchangeFor(flow, { issued, session });
      const answers = await recordedAnswers(issued.certificate);
      const printed = await verify(evidenceFrom(given, answers));
      assert.equal(printed.match(/^Verified OK$/gm)?.length, 2, printed);
      assert.match(printed, /^person\.pem: OK$/m);
      assert.match(printed, /Response verify OK/);
      assert.match(printed, /person\.pem: good/);
      assert.match(printed, /PNOEE-40504040001/);
      assert.match(printed, /Log in to Sample app/);
    });
  }

  it('fails for an altered one', async () => {
    const given = exchangeFor('Web2App', { issued });
    const answers = await recordedAnswers(issued.certificate);
    const genuine = evidenceFrom(given, answers);
    const altered: object[] = [
      { ...genuine, request: { ...genuine.request, relyingPartyName: 'Another' } },
      { ...genuine, callback: { sessionSecretDigest: 'x', userChallengeVerifier: 'y' } },
      { ...genuine, verifiedAt: new Date(testPki.now.getTime() + 5 * 365 * 86_400_000).toISOString() },
    ];
    for (const evidence of altered) await assert.rejects(verify(evidence), JSON.stringify(evidence));
    await assert.rejects(
      verify(genuine, (receipt) => receipt.slice(0, -8) + 'AAAAAAAA'),
      'another signature of Sild',
    );
  });
});
