import { createHash, X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/**
 * The pin of a certificate: Base64 of the SHA-256 of its SubjectPublicKeyInfo. (RFC 7469 2.4) It stays the same in a
 * renewed certificate of the same key.
 */
export function pinOf({ publicKey }: X509Certificate): string {
  const info = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(info).digest('base64');
}

/**
 * The chain of a server: its own certificate first, then the issuer of each, as far as the server sent them. A server may
 * send anything, so only a certificate counts whose key signed the one before: otherwise an attacker with any other
 * certificate for the name could send the pinned one along with it.
 *
 * @returns an empty array where the server presented no certificate, as in a resumed session
 */
export function presentedChain(socket: TLSSocket): X509Certificate[] {
  const sent = certificatesSent(socket);
  const chain: X509Certificate[] = [];
  for (let next = sent[0]; next !== undefined;) {
    const below = next;
    chain.push(below);
    next = sent.find((one) => !chain.includes(one) && hasIssued(one, below));
  }
  return chain;
}

/** More than any server needs to send. */
const MAX_SENT = 10;

/** Each once. The last one may be its own issuer, without end. */
function certificatesSent(socket: TLSSocket): X509Certificate[] {
  const sent = new Map<string, X509Certificate>();
  let next = socket.getPeerX509Certificate();
  for (let count = 0; next !== undefined && count < MAX_SENT; count++) {
    if (!sent.has(next.fingerprint256)) sent.set(next.fingerprint256, next);
    next = next.issuerCertificate;
  }
  return [...sent.values()];
}

function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
