import { sign } from 'node:crypto';
import type { TestCa } from '../certificates.ts';
import { derLength, readTree, writeTree } from './der-tree.ts';

/** What a certificate's signature is over. */
export function signedPart(certificate: Buffer): Buffer {
  return partsOf(certificate)[0];
}

/** The certificate with other contents, which its CA has signed, whatever they are. */
export function signedAgain(certificate: Buffer, ca: TestCa, change: (signed: Buffer) => Buffer): Buffer {
  const [signed, algorithm] = partsOf(certificate);
  const changed = change(signed);
  const value = Buffer.concat([Buffer.of(0), sign(ca.algorithm.hash, changed, ca.privateKey)]);
  return sequence(0x30, changed, algorithm, sequence(0x03, value));
}

function partsOf(certificate: Buffer): [signed: Buffer, algorithm: Buffer] {
  const [signed, algorithm] = readTree(certificate)?.children ?? [];
  if (!signed || !algorithm) throw new TypeError('not a certificate');
  return [writeTree(signed), writeTree(algorithm)];
}

function sequence(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), derLength(content.length), content]);
}
