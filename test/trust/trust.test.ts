import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { TrustSettings } from '../../src/trust/settings.ts';
import { openTrust, TrustError, trustSimulator } from '../../src/trust/trust.ts';
import { ecKeyPair, signatureAlgorithms } from '../support/certificates/certificate-encoding.ts';
import { days, issueAuthentication, issueCa } from '../support/certificates/certificates.ts';
import {
  demo,
  fingerprintOf,
  foreign,
  known,
  knownAs,
  live,
  now,
  pem,
  trustSettingsOf,
} from './smart-id-of-tests.ts';

/** Opens a trust directory with these files. */
async function opened(
  test: TestContext,
  files: Readonly<Record<string, string | Buffer>>,
  changes: Partial<TrustSettings> = {},
) {
  const settings = await trustSettingsOf(test, changes);
  for (const [name, content] of Object.entries(files))
    await writeFile(join(settings.directory, name), content);
  return openTrust(settings, now);
}

/** Asserts that the directory is refused with these sentences, one pattern for each. */
async function refused(opening: Promise<unknown>, ...patterns: readonly RegExp[]): Promise<void> {
  await assert.rejects(opening, (error) => {
    assert.ok(error instanceof TrustError);
    assert.equal(error.problems.length, patterns.length, error.message);
    for (const [index, pattern] of patterns.entries()) assert.match(error.problems[index] ?? '', pattern);
    return true;
  });
}

describe('a trust directory', () => {
  it('is trusted by the fingerprints of its environment, in PEM and in DER', async (test) => {
    const { store, authorities } = await opened(test, {
      'a.pem': pem(live.issuing),
      'b.der': live.nonQualifiedIssuing.certificate,
      'README.txt': 'not a certificate',
    });
    assert.deepEqual(
      store.anchors.map(({ fingerprint }) => fingerprint),
      [fingerprintOf(live.issuing), fingerprintOf(live.nonQualifiedIssuing)],
    );
    assert.deepEqual(
      authorities.map(({ name }) => name),
      ['Sild test EID-Q', 'Sild test EID-NQ'],
    );
  });

  it('has its issuing CAs under the root if it contains the root', async (test) => {
    const { store } = await opened(test, { 'all.pem': pem(live.issuing) + pem(live.root) });
    assert.deepEqual(
      [store.anchors, store.intermediates].map(([one]) => one?.fingerprint),
      [fingerprintOf(live.root), fingerprintOf(live.issuing)],
    );
  });

  it('is refused for an unknown CA, with its file, name and fingerprint', async (test) => {
    const files = { 'good.pem': pem(live.issuing), 'other.pem': pem(foreign.issuing) };
    const sentence = new RegExp(
      `other\\.pem: .*“Sild test EID-Q”.*${fingerprintOf(foreign.issuing)}.*TRUST_EXTRA_SHA256`,
    );
    await refused(opened(test, files), sentence);
    const { store } = await opened(test, files, { extra: [fingerprintOf(foreign.issuing)] });
    assert.equal(store.anchors.length, 2);
  });

  it('is refused for a CA of another environment, even if the operator lists it', async (test) => {
    const extra = [fingerprintOf(demo.issuing), fingerprintOf(live.issuing)];
    const files = { 'live.pem': pem(live.issuing), 'demo.pem': pem(demo.issuing) };
    for (const changes of [{}, { extra }]) {
      await refused(opened(test, files, changes), /demo\.pem: .* demo service .*SMARTID_ENVIRONMENT=live/);
      await refused(opened(test, files, { ...changes, environment: 'demo' }), /live\.pem: .* live service/);
    }
    await refused(
      opened(test, files, { environment: 'simulator', extra }),
      /demo\.pem/,
      /live\.pem/,
      /no certificate of an issuing CA/,
    );
  });

  it('is refused with live for an unknown test CA of SK, even if the operator lists it', async (test) => {
    const [keys, algorithm] = [ecKeyPair('P-384'), signatureAlgorithms.ecdsaWithSha384];
    const root = issueCa(now, { commonName: 'TEST of SK ID Solutions ROOT G9E', keys, algorithm });
    const below = issueCa(now, { commonName: 'SK ID Solutions EID-Q 2035E', keys, algorithm, issuer: root });
    const extra = [root, below].map(fingerprintOf);
    const files = { 'root.pem': pem(root), 'issuing.pem': pem(below), 'live.pem': pem(live.issuing) };
    await refused(opened(test, files, { extra }), /issuing\.pem: .*SK’s tests/, /root\.pem: .*SK’s tests/);
    const { authorities } = await opened(
      test,
      { 'root.pem': pem(root), 'issuing.pem': pem(below) },
      { extra, environment: 'demo' },
    );
    assert.equal(authorities.length, 2);
  });

  it('is refused if it contains no usable issuing CA', async (test) => {
    await refused(opened(test, {}), /no certificate of an issuing CA.*sild trust fetch/);
    await refused(opened(test, { 'root.pem': pem(live.root) }), /no certificate of an issuing CA/);
    await refused(
      opened(test, { 'demo.pem': pem(demo.issuing) }),
      /demo service/,
      /no certificate of an issuing CA/,
    );
    const settings = await trustSettingsOf(test);
    await rm(settings.directory, { recursive: true });
    await refused(
      openTrust(settings, now),
      /cannot be read \(no such file or directory, ENOENT\).*sild trust fetch/,
    );
  });

  it('is refused if all issuing CAs have expired, and not if one has', async (test) => {
    const old = issueCa(now, {
      commonName: 'Sild test old',
      keys: ecKeyPair('P-384'),
      algorithm: live.issuing.algorithm,
      issuer: live.root,
      notAfter: days(now, -1),
    });
    const knownOld = { known: { ...known, live: [...known.live, knownAs(old, 'issuing')] } };
    await refused(
      opened(test, { 'old.pem': pem(old), 'root.pem': pem(live.root) }, knownOld),
      /is valid now/,
    );
    const { authorities } = await opened(
      test,
      { 'old.pem': pem(old), 'new.pem': pem(live.issuing) },
      knownOld,
    );
    assert.equal(authorities.length, 2);
  });

  it('is refused for a certificate that is not a CA’s, even if the operator lists it', async (test) => {
    const person = issueAuthentication(live);
    const files = { 'good.pem': pem(live.issuing), 'person.pem': pem(person) };
    await refused(
      opened(test, files, { extra: [fingerprintOf(person)] }),
      /person\.pem: .*cannot be trusted/,
    );
  });

  it('is reported with all problems together', async (test) => {
    const files = {
      'a.pem': 'nothing',
      'b.der': live.issuing.certificate.subarray(2),
      'c.pem': pem(foreign.issuing) + pem(demo.root),
    };
    await refused(
      opened(test, files),
      /a\.pem/,
      /b\.der/,
      /c\.pem.*not a CA that this release knows/,
      /c\.pem.*demo/,
      /no certificate of an issuing CA/,
    );
  });

  it('has names of CAs reported as one line of printable text', async (test) => {
    const odd = issueCa(now, {
      commonName: 'evil\u001b[2J\nSild\u202e',
      keys: ecKeyPair('P-384'),
      algorithm: live.issuing.algorithm,
    });
    await refused(opened(test, { 'good.pem': pem(live.issuing), 'odd.pem': pem(odd) }), /“evil \[2J Sild ”/);
  });
});

describe('the simulator’s trust', () => {
  it('consists of its own CAs', () => {
    const { store, authorities } = trustSimulator([foreign.issuing.certificate]);
    assert.equal(store.anchors[0]?.fingerprint, fingerprintOf(foreign.issuing));
    assert.equal(authorities[0]?.name, 'Sild test EID-Q');
  });
});
