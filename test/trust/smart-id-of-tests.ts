/** Test CAs in place of SK's, identified by their fingerprints as SK's are. */
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { parseCertificate } from '../../src/pki/certificate.ts';
import type { KnownAuthority } from '../../src/smart-id/known-authorities.ts';
import type { TrustSettings } from '../../src/trust/settings.ts';
import { createTestPki, type TestCa } from '../support/certificates/certificates.ts';

export const live = createTestPki();
export const demo = createTestPki();
/** Not among the known CAs. */
export const foreign = createTestPki();
export const { now } = live;

export const known = {
  live: [
    knownAs(live.issuing, 'issuing'),
    knownAs(live.nonQualifiedIssuing, 'issuing'),
    knownAs(live.root, 'root'),
  ],
  demo: [knownAs(demo.issuing, 'issuing'), knownAs(demo.root, 'root')],
};

/** An entry of the table of known CAs, published at these addresses. */
export function knownAs(
  ca: TestCa,
  kind: KnownAuthority['kind'],
  addresses: readonly string[] = [],
): KnownAuthority {
  const published = { name: nameOf(ca), fingerprint: fingerprintOf(ca), addresses };
  return kind === 'root' ? { ...published, kind } : { ...published, kind, level: 'QUALIFIED' };
}

export function nameOf({ certificate }: TestCa): string {
  return parseCertificate(certificate).subject.values('2.5.4.3').join();
}

export function fingerprintOf({ certificate }: Pick<TestCa, 'certificate'>): string {
  return parseCertificate(certificate).fingerprint;
}

export function pem({ certificate }: Pick<TestCa, 'certificate'>): string {
  return new X509Certificate(certificate).toString();
}

/** Settings of the live environment, with a directory that is removed after the test. */
export async function trustSettingsOf(
  test: TestContext,
  changes: Partial<TrustSettings> = {},
): Promise<TrustSettings> {
  const directory = await mkdtemp(join(tmpdir(), 'sild-trust-'));
  test.after(() => rm(directory, { recursive: true, force: true }));
  return { environment: 'live', directory, extra: [], known, ...changes };
}
