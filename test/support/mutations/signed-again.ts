/**
 * Genuine things that are signed, with other contents that their signer has signed all the same, whatever they are:
 * certificates, revocation lists and OCSP responses are three values in a row: contents, algorithm, signature.
 */
import { sign } from 'node:crypto';
import type { TestCa } from '../certificates/certificates.ts';
import { derLength, type DerNode, readTree, writeTree } from './der-tree.ts';

type Signer = Pick<TestCa, 'algorithm' | 'privateKey'>;

/** What the signature of a certificate or a revocation list is over. */
export function signedPart(der: Buffer): Buffer {
  return partsOf(readTree(der))[0];
}

/** A certificate or a revocation list. */
export function signedAgain(der: Buffer, signer: Signer, change: (signed: Buffer) => Buffer): Buffer {
  return again(readTree(der), signer, change);
}

/** What the signature of an OCSP response is over. */
export function signedPartOfResponse(response: Buffer): Buffer {
  return partsOf(basicOf(readTree(response)).children?.[0])[0];
}

/** An OCSP response without certificates, as the CA itself makes it. */
export function responseSignedAgain(
  response: Buffer,
  signer: Signer,
  change: (signed: Buffer) => Buffer,
): Buffer {
  const tree = readTree(response);
  const octets = basicOf(tree);
  octets.content = again(octets.children?.[0], signer, change);
  octets.children = undefined;
  if (!tree) throw new TypeError('not DER');
  return writeTree(tree);
}

/** The OCTET STRING around the basic response. */
function basicOf(tree: DerNode | undefined): DerNode {
  const octets = tree?.children?.[1]?.children?.[0]?.children?.[1];
  if (!octets) throw new TypeError('not a response');
  return octets;
}

function again(tree: DerNode | undefined, signer: Signer, change: (signed: Buffer) => Buffer): Buffer {
  const [signed, algorithm] = partsOf(tree);
  const changed = change(signed);
  const value = Buffer.concat([Buffer.of(0), sign(signer.algorithm.hash, changed, signer.privateKey)]);
  return tlv(0x30, changed, algorithm, tlv(0x03, value));
}

function partsOf(tree: DerNode | undefined): [signed: Buffer, algorithm: Buffer] {
  const [signed, algorithm] = tree?.children ?? [];
  if (!signed || !algorithm) throw new TypeError('not signed');
  return [writeTree(signed), writeTree(algorithm)];
}

function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), derLength(content.length), content]);
}
