/** What a server of the benchmark and the process that drives it say to each other, over Node's IPC. */

/** The client that each server knows. */
export const CLIENT = {
  client_id: 'bench',
  client_secret: 'b9Xq2LmV7sKt4RzP0wHd8NcY6gJf1TuE',
  redirect_uris: ['https://client.example/callback'],
};

/** Of every process that uses the database of the benchmark. */
export const BENCH_SECRET_KEY = 'kq3V8xZ1mB7tR5wY9cD2fG6hJ4nL0pSs';

/** Variables without the limits that a benchmark would exceed at once. */
export const UNLIMITED: Readonly<Record<string, string>> = {
  RATE_PERSON: 'off',
  RATE_ADDRESS: 'off',
  RATE_CLIENT: 'off',
  RATE_PUSH: 'off',
  RATE_REQUESTS: 'off',
};

/** What a server did with its database since its start. */
export interface Statements {
  /** Without those that begin and end transactions. */
  readonly statements: number;
  /** Transactions; a statement by itself is one. */
  readonly commits: number;
}

export interface Ready {
  readonly kind: 'ready';
}

export interface Simulated {
  readonly kind: 'simulated';
  readonly baseUrl: string;
  readonly phoneUrl: string;
  /** DER, Base64. */
  readonly trustAnchors: readonly string[];
}

export type Report = { readonly kind: 'report' } & Statements;
export type FromServer = Ready | Report | Simulated;

/** Answers each message of the parent with what the database was asked. */
export function serveReports(statements: () => Statements): void {
  process.on('message', () => {
    send({ kind: 'report', ...statements() });
  });
}

export function send(message: FromServer): void {
  process.send?.(message);
}
