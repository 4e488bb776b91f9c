import {
  constants,
  createHash,
  createPublicKey,
  type KeyObject,
  privateEncrypt,
  randomBytes,
} from 'node:crypto';

export interface PssParameters {
  /** The name in node:crypto. */
  readonly hash: string;
  readonly maskHash: string;
  readonly saltLength: number;
  readonly trailer: number;
}

/**
 * RSASSA-PSS (RFC 8017 8.1.1, 9.1.1) with free parameters, which node:crypto does not support. It makes signatures in which
 * a single parameter is wrong.
 */
export function pssSignature(payload: Buffer, key: KeyObject, parameters: PssParameters): Buffer {
  const { hash, maskHash, saltLength, trailer } = parameters;
  const bits = createPublicKey(key).asymmetricKeyDetails?.modulusLength ?? 0;
  const digest = digestOf(hash, payload);
  const salt = randomBytes(saltLength);
  const block = digestOf(hash, Buffer.alloc(8), digest, salt);
  const maskedLength = bits / 8 - block.length - 1;
  const data = Buffer.alloc(maskedLength);
  data[maskedLength - saltLength - 1] = 0x01;
  salt.copy(data, maskedLength - saltLength);
  const masked = xor(data, maskOf(maskHash, block, maskedLength));
  // The encoded message is one bit shorter than the modulus.
  masked[0] = (masked[0] ?? 0) & 0x7f;
  const encoded = Buffer.concat([masked, block, Buffer.of(trailer)]);
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encoded);
}

/** MGF1. (RFC 8017 B.2.1) */
function maskOf(hash: string, seed: Buffer, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 0; Buffer.concat(blocks).length < length; counter += 1) {
    blocks.push(digestOf(hash, seed, Buffer.of(0, 0, 0, counter)));
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function xor(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, index) => byte ^ (other[index] ?? 0)));
}

function digestOf(hash: string, ...parts: readonly Buffer[]): Buffer {
  return createHash(hash).update(Buffer.concat(parts)).digest();
}
