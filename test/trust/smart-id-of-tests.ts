/** Made-up CAs of Smart-ID, known by their fingerprints as SK's are to the product. */
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
/** Nobody knows it. */
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

/** A CA as the table has it, published at some addresses. */
export function knownAs(
  ca: TestCa,
  kind: KnownAuthority['kind'],
  addresses: readonly string[] = [],
): KnownAuthority {
  return { name: nameOf(ca), kind, fingerprint: fingerprintOf(ca), addresses };
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

/** The settings of the live environment, over a directory that goes away with the test. */
export async function trustSettingsOf(
  test: TestContext,
  changes: Partial<TrustSettings> = {},
): Promise<TrustSettings> {
  const directory = await mkdtemp(join(tmpdir(), 'sild-trust-'));
  test.after(() => rm(directory, { recursive: true, force: true }));
  return { environment: 'live', directory, extra: [], known, ...changes };
}
