import { randomBytes } from 'node:crypto';
import type { DPoPHandle, TokenEndpointResponse, UserInfoResponse } from 'openid-client';
import type { Exchange } from './exchanges.ts';
import type { Settings } from './settings.ts';

/** A request that was sent to the login service. */
export interface SentRequest {
  readonly address: URL;
  /** With JAR. */
  readonly requestObject: string | undefined;
  readonly dpop: DPoPHandle | undefined;
}

/** One authorization request and what came of it. What has not happened yet is undefined. */
export interface Run {
  readonly id: string;
  /** The cookie of the browser to which it belongs. */
  readonly owner: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly settings: Settings;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** All but those that are made when it is sent. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly exchanges: Record<'request' | 'tokens' | 'userinfo', Exchange[]>;
  sent?: SentRequest;
  answer?: URLSearchParams;
  /** That the code was sent: it is sent once. */
  redeemed?: boolean;
  tokens?: TokenEndpointResponse;
  userinfo?: UserInfoResponse;
  /** Why the last step failed. */
  problem?: string | undefined;
}

export interface Runs {
  add(run: Omit<Run, 'id' | 'createdAt'>): Run;
  /** @returns undefined for a run of another browser */
  find(id: string, owner: string | undefined): Run | undefined;
  findByState(state: string): Run | undefined;
  /** The ID token of the last login of this browser at this client. */
  lastIdToken(owner: string | undefined, client: string): string | undefined;
}

const LIFETIME_MS = 60 * 60_000;
const MOST_RUNS = 200;

/** Keeps runs in memory for an hour, and drops the oldest ones when there are too many. */
export function createRuns(now: () => number): Runs {
  const runs = new Map<string, Run>();
  const isAlive = (run: Run) => now() < run.createdAt + LIFETIME_MS;
  const all = () => [...runs.values()].filter(isAlive);

  return {
    add(run) {
      const added = { ...run, id: randomId(), createdAt: now() };
      runs.set(added.id, added);
      for (const id of runs.keys()) {
        if (runs.size <= MOST_RUNS) break;
        runs.delete(id);
      }
      return added;
    },
    find(id, owner) {
      const run = runs.get(id);
      return run && owner !== undefined && run.owner === owner && isAlive(run) ? run : undefined;
    },
    findByState: (state) => all().find((run) => run.state === state),
    lastIdToken: (owner, client) =>
      all().findLast(
        (run) => run.owner === owner && run.settings.client === client && run.tokens?.id_token !== undefined,
      )?.tokens?.id_token,
  };
}

/** 256 bits: an ID that nobody guesses. */
export function randomId(): string {
  return randomBytes(32).toString('base64url');
}
