export interface PeerResult {
  title: string;
  /** Empty if no case ran. */
  version: string;
  passed: number;
  failed: number;
  /** Of the largest authorization request, as text; empty if it was not measured. */
  requestBytes: string;
  /** Why the peer could not be had here. */
  skipped: string | undefined;
  seconds: number;
}

/** The results, a peer a line. */
export function tableOf(results: readonly PeerResult[]): string {
  const rows = results.map(({ title, version, passed, failed, requestBytes, skipped, seconds }) => [
    title,
    version,
    skipped === undefined
      ? `${passed} passed${failed > 0 ? `, ${failed} FAILED` : ''}`
      : `skipped: ${skipped}`,
    requestBytes,
    skipped === undefined ? seconds.toFixed(0) : '',
  ]);
  const all = [['Peer', 'Version', 'Cases', 'Request, bytes', 'Seconds'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
