/** DER from parts that are encoded already, which asn1-schema would parse and encode again. */
import { AsnConvert } from '@peculiar/asn1-schema';
import { derLength } from '../mutations/der-tree.ts';

/** One value. */
export function derValue(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, content) => sum + content.length, 0);
  return Buffer.concat([Buffer.of(tag), derLength(length), ...contents]);
}

/** Contents, algorithm and signature: a certificate, a CRL, or with more parts an OCSP response. */
export function signedValue(
  signed: Uint8Array,
  algorithm: Uint8Array,
  signature: Uint8Array,
  ...rest: readonly Uint8Array[]
): Buffer {
  return derValue(0x30, signed, algorithm, derValue(0x03, Buffer.of(0), signature), ...rest);
}

const encodings = new WeakMap<object, Buffer>();

/** Encodes an object once: it must not change afterwards. */
export function serialized(value: object): Buffer {
  const known = encodings.get(value);
  if (known) return known;
  const der = Buffer.from(AsnConvert.serialize(value));
  encodings.set(value, der);
  return der;
}
