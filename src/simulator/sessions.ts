/**
 * The service's sessions: RUNNING until somebody answers or time is up, then COMPLETE, readable for five minutes, then
 * gone. Long polls wait here. (RP API 3.2, Session endpoint)
 */
import { randomUUID } from 'node:crypto';
import type { Account } from './accounts.ts';
import type { AuthenticationRequest } from './request-validation.ts';
import type { Interaction } from './interactions.ts';

/** The members of a completed session's status; the wire says them in this order. */
export interface CompletedStatus {
  readonly state: 'COMPLETE';
  readonly result: {
    readonly endResult: string;
    readonly documentNumber?: string;
    readonly details?: { readonly interaction: string };
  };
  readonly signatureProtocol?: 'ACSP_V2';
  readonly signature?: object;
  readonly cert?: { readonly value: string; readonly certificateLevel: string };
  readonly interactionTypeUsed?: string;
}

export interface Session {
  readonly id: string;
  readonly account: Account;
  readonly request: AuthenticationRequest;
  /** The screen that the app shows: the first one offered, since this app has them all. */
  readonly interaction: Interaction;
  readonly expiresAt: Date;
  readonly completed?: { readonly status: CompletedStatus; readonly at: Date };
  /** How many long polls wait for this session. */
  readonly waiting: number;
}

export interface Sessions {
  start(account: Account, request: AuthenticationRequest, interaction: Interaction): Session;
  /** Undefined when there is none, or none any more. */
  find(id: string): Session | undefined;
  /** The ones that can still be read, oldest first. */
  all(): Session[];
  /** Completes a running session; false when something else completed it before, and wins. */
  complete(id: string, status: CompletedStatus): boolean;
  /** Resolves when the session is complete, `timeoutMs` are over, `signal` aborts or the service closes. */
  untilComplete(id: string, timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** Calls `listener` after every start and completion; the answer stops that. */
  onChange(listener: () => void): () => void;
  /** Aborts when the service closes. */
  readonly closing: AbortSignal;
  /** Releases every waiter and timer. */
  close(): void;
}

interface Entry {
  session: Session;
  readonly waiters: Set<() => void>;
  readonly deadline: NodeJS.Timeout;
}

const READABLE_MS = 5 * 60_000;

export function createSessions({ seconds, now }: { seconds: number; now: () => Date }): Sessions {
  const entries = new Map<string, Entry>();
  const listeners = new Set<() => void>();
  const closing = new AbortController();

  const complete = (id: string, status: CompletedStatus, at = now()): boolean => {
    const entry = entries.get(id);
    if (!entry || entry.session.completed) return false;
    entry.session = { ...entry.session, completed: { status, at } };
    clearTimeout(entry.deadline);
    for (const release of [...entry.waiters]) release();
    for (const listener of [...listeners]) listener();
    return true;
  };
  const timeOut = (id: string, at: Date) =>
    complete(id, { state: 'COMPLETE', result: { endResult: 'TIMEOUT' } }, at);

  /** Brings one session up to the clock, which may be ahead of the timers; false when it is gone. */
  const settle = (id: string, entry: Entry): boolean => {
    if (!entry.session.completed && entry.session.expiresAt <= now()) timeOut(id, entry.session.expiresAt);
    const { completed } = entry.session;
    const gone = completed !== undefined && now().getTime() - completed.at.getTime() >= READABLE_MS;
    if (gone) entries.delete(id);
    return !gone;
  };
  const view = (entry: Entry): Session => ({ ...entry.session, waiting: entry.waiters.size });

  return {
    start(account, request, interaction) {
      // Oldest first, so the first one that is still readable ends the sweep.
      for (const [id, entry] of entries) if (settle(id, entry)) break;
      const id = randomUUID();
      const expiresAt = new Date(now().getTime() + seconds * 1000);
      const deadline = setTimeout(() => timeOut(id, expiresAt), seconds * 1000).unref();
      const session = { id, account, request, interaction, expiresAt, waiting: 0 };
      entries.set(id, { session, waiters: new Set(), deadline });
      for (const listener of [...listeners]) listener();
      return session;
    },
    find(id) {
      const entry = entries.get(id);
      return entry && settle(id, entry) ? view(entry) : undefined;
    },
    all() {
      return [...entries].filter(([id, entry]) => settle(id, entry)).map(([, entry]) => view(entry));
    },
    complete: (id, status) => complete(id, status),
    async untilComplete(id, timeoutMs, signal) {
      const entry = entries.get(id);
      if (!entry || entry.session.completed || closing.signal.aborted || signal.aborted) return;
      await new Promise<void>((resolve) => {
        const release = () => {
          clearTimeout(timer);
          entry.waiters.delete(release);
          signal.removeEventListener('abort', release);
          resolve();
        };
        const timer = setTimeout(release, timeoutMs);
        entry.waiters.add(release);
        signal.addEventListener('abort', release);
      });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    closing: closing.signal,
    close() {
      closing.abort();
      for (const { deadline, waiters } of entries.values()) {
        clearTimeout(deadline);
        for (const release of [...waiters]) release();
      }
    },
  };
}
