import { parseCertificate } from './pki/certificate.ts';
import { createTrustStore, loadTrustDirectory, type TrustStore } from './pki/trust-store.ts';

/** Whom to believe: the directory's CA certificates, or else the simulator's. Never both, never the system's. */
export async function trustOf(
  trustDir: string | undefined,
  simulatorAnchors: readonly Uint8Array[] | undefined,
): Promise<TrustStore> {
  const anchors =
    trustDir === undefined
      ? (simulatorAnchors ?? []).map((der) => parseCertificate(der))
      : await loadTrustDirectory(trustDir);
  return createTrustStore({ anchors });
}
