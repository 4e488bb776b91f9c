/**
 * The service's sessions: RUNNING until somebody answers or time is up, then COMPLETE, readable for five minutes, then
 * gone. Long polls wait here. (RP API 3.2, Session endpoint)
 */
import { randomUUID } from 'node:crypto';
import type { Account } from './accounts.ts';
import type { AuthenticationRequest } from './authentication-request.ts';
import type { Interaction } from './interactions.ts';

export type DeviceLinkType = 'QR' | 'Web2App' | 'App2App';

export interface DeviceLink {
  /** In every link; whoever has it can find the session. */
  readonly sessionToken: string;
  /** Standard Base64 of the authCode's key; only the relying party and the service have it. */
  readonly sessionSecret: string;
  readonly initialCallbackUrl: string;
}

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
  /** RP API v3. */
  readonly interactionTypeUsed?: string;
  /** RP API v2. */
  readonly interactionFlowUsed?: string;
}

/** An app opened the session's device link. */
export interface Opening {
  readonly linkType: DeviceLinkType;
  /** What came for it: the virtual phone, or the mock device endpoint. */
  readonly by: 'phone' | 'mock';
  readonly at: Date;
}

export interface Session {
  readonly id: string;
  /** Undefined in an anonymous session until somebody answers. */
  readonly account: Account | undefined;
  readonly request: AuthenticationRequest;
  /** The screen that the app shows: the first one offered, since this app has them all. */
  readonly interaction: Interaction;
  /** Absent in a notification session. */
  readonly deviceLink: DeviceLink | undefined;
  readonly opened: Opening | undefined;
  readonly startedAt: Date;
  readonly expiresAt: Date;
  readonly completed:
    | {
        readonly status: CompletedStatus;
        readonly at: Date;
        /** Where the app sends the browser after a successful same-device login. */
        readonly returnTo: string | undefined;
      }
    | undefined;
  /** How many long polls wait for this session. */
  readonly waiting: number;
}

export interface NewSession {
  readonly account: Account | undefined;
  readonly request: AuthenticationRequest;
  readonly deviceLink?: DeviceLink;
}

export interface Sessions {
  start(session: NewSession): Session;
  /** Undefined when there is none, or none any more. */
  find(id: string): Session | undefined;
  /** The ones that can still be read, oldest first. */
  all(): Session[];
  /** Notes that the device link was opened; the latest opening counts. The answer is the session as it is then. */
  open(id: string, opening: Omit<Opening, 'at'>): Session | undefined;
  /** Says whose session it is; the answer is the session as it is then. */
  assign(id: string, account: Account): Session | undefined;
  /** Completes a running session; false when something else completed it before, and wins. */
  complete(id: string, status: CompletedStatus, returnTo?: string): boolean;
  /** Resolves when the session is complete, `timeoutMs` are over, `signal` aborts or the service closes. */
  untilComplete(id: string, timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** Calls `listener` after every change of a session; the answer stops that. */
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

  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  const complete = (
    id: string,
    status: CompletedStatus,
    { at = now(), returnTo }: { at?: Date; returnTo?: string | undefined } = {},
  ): boolean => {
    const entry = entries.get(id);
    if (!entry || entry.session.completed) return false;
    entry.session = { ...entry.session, completed: { status, at, returnTo } };
    clearTimeout(entry.deadline);
    for (const release of [...entry.waiters]) release();
    changed();
    return true;
  };
  const timeOut = (id: string, at: Date) =>
    complete(id, { state: 'COMPLETE', result: { endResult: 'TIMEOUT' } }, { at });

  /** Brings one session up to the clock, which may be ahead of the timers; false when it is gone. */
  const settle = (id: string, entry: Entry): boolean => {
    if (!entry.session.completed && entry.session.expiresAt <= now()) timeOut(id, entry.session.expiresAt);
    const { completed } = entry.session;
    const gone = completed !== undefined && now().getTime() - completed.at.getTime() >= READABLE_MS;
    if (gone) entries.delete(id);
    return !gone;
  };
  const view = (entry: Entry): Session => ({ ...entry.session, waiting: entry.waiters.size });
  const change = (id: string, changes: Partial<Session>): Session | undefined => {
    const entry = entries.get(id);
    if (!entry || !settle(id, entry) || entry.session.completed) return undefined;
    entry.session = { ...entry.session, ...changes };
    changed();
    return view(entry);
  };

  return {
    start({ account, request, deviceLink }) {
      // Oldest first, so the first one that is still readable ends the sweep.
      for (const [id, entry] of entries) if (settle(id, entry)) break;
      const id = randomUUID();
      const startedAt = now();
      const expiresAt = new Date(startedAt.getTime() + seconds * 1000);
      const deadline = setTimeout(() => timeOut(id, expiresAt), seconds * 1000).unref();
      const session: Session = {
        id,
        account,
        request,
        interaction: request.offered[0],
        deviceLink,
        opened: undefined,
        startedAt,
        expiresAt,
        completed: undefined,
        waiting: 0,
      };
      entries.set(id, { session, waiters: new Set(), deadline });
      changed();
      return session;
    },
    find(id) {
      const entry = entries.get(id);
      return entry && settle(id, entry) ? view(entry) : undefined;
    },
    all() {
      return [...entries].filter(([id, entry]) => settle(id, entry)).map(([, entry]) => view(entry));
    },
    open: (id, opening) => change(id, { opened: { ...opening, at: now() } }),
    assign: (id, account) => change(id, { account }),
    complete: (id, status, returnTo) => complete(id, status, { returnTo }),
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
