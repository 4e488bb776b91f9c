/**
 * Valid signed objects whose contents are replaced and signed again by the same signer. Certificates, CRLs and OCSP
 * responses are a sequence of contents, algorithm and signature.
 */
import { sign } from 'node:crypto';
import type { TestCa } from '../certificates/certificates.ts';
import { signedValue } from '../certificates/der.ts';
import { type DerNode, readTree, writeTree } from './der-tree.ts';

type Signer = Pick<TestCa, 'algorithm' | 'privateKey'>;

/** The signed part of a certificate or CRL. */
export function signedPart(der: Buffer): Buffer {
  return partsOf(readTree(der))[0];
}

/** A certificate or CRL with a new signature. */
export function signedAgain(der: Buffer, signer: Signer, change: (signed: Buffer) => Buffer): Buffer {
  return again(readTree(der), signer, change);
}

/** The signed part of an OCSP response. */
export function signedPartOfResponse(response: Buffer): Buffer {
  return partsOf(basicOf(readTree(response)).children?.[0])[0];
}

/** An OCSP response without certificates, signed by the CA itself. */
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
  return signedValue(changed, algorithm, sign(signer.algorithm.hash, changed, signer.privateKey));
}

function partsOf(tree: DerNode | undefined): [signed: Buffer, algorithm: Buffer] {
  const [signed, algorithm] = tree?.children ?? [];
  if (!signed || !algorithm) throw new TypeError('not signed');
  return [writeTree(signed), writeTree(algorithm)];
}
