/**
 * The service's sessions: RUNNING until answered or timed out, then COMPLETE and readable for five minutes, then deleted.
 * Long polls wait here. (RP API 3.2, Session endpoint)
 */
import { randomUUID } from 'node:crypto';
import type { Account } from './account.ts';
import type { AuthenticationRequest } from './authentication-request.ts';
import type { Interaction } from './interactions.ts';

export type DeviceLinkType = 'QR' | 'Web2App' | 'App2App';

export interface DeviceLink {
  /** Part of every link; identifies the session. */
  readonly sessionToken: string;
  /** Standard Base64 of the authCode's key; known only to the relying party and the service. */
  readonly sessionSecret: string;
  /** Undefined where only a QR code is used. */
  readonly initialCallbackUrl: string | undefined;
}

/** The status of a completed session; the JSON has the members in this order. */
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

/** How the session's device link was opened. */
export interface Opening {
  readonly linkType: DeviceLinkType;
  /** The virtual phone or the mock device endpoint. */
  readonly by: 'phone' | 'mock';
  readonly at: Date;
}

export interface Session {
  readonly id: string;
  /** Undefined in an anonymous session until an account is chosen. */
  readonly account: Account | undefined;
  /** The request names a document, so that no other account of the same person may answer. */
  readonly ofDocument: boolean;
  readonly request: AuthenticationRequest;
  /** The interaction that the app uses: the first one offered, since this app supports all of them. */
  readonly interaction: Interaction;
  /** Absent in a notification session. */
  readonly deviceLink: DeviceLink | undefined;
  readonly opened: Opening | undefined;
  /** Its account gives no answer by itself. */
  readonly held: boolean;
  readonly startedAt: Date;
  readonly expiresAt: Date;
  readonly completed:
    | {
        readonly status: CompletedStatus;
        readonly at: Date;
        /** The callback that the app opens after a successful same-device login. */
        readonly returnTo: string | undefined;
      }
    | undefined;
  /** The number of long polls that wait for this session. */
  readonly waiting: number;
}

export interface NewSession {
  readonly account: Account | undefined;
  readonly request: AuthenticationRequest;
  readonly deviceLink?: DeviceLink;
  readonly ofDocument?: boolean;
}

export interface Sessions {
  start(session: NewSession): Session;
  /** Undefined if the session does not exist or was deleted. */
  find(id: string): Session | undefined;
  /** All readable sessions, oldest first. */
  all(): Session[];
  /** Records that the device link was opened, replacing an earlier opening. Returns the changed session. */
  open(id: string, opening: Omit<Opening, 'at'>): Session | undefined;
  /** Sets the session's account. Returns the changed session. */
  assign(id: string, account: Account): Session | undefined;
  /** Keeps the session's account from answering by itself. */
  hold(id: string): Session | undefined;
  /** Completes a running session. Returns false if it was already complete; the first completion is final. */
  complete(id: string, status: CompletedStatus, returnTo?: string): boolean;
  /** Resolves when the session is complete, after `timeoutMs`, when `signal` aborts or when the service closes. */
  untilComplete(id: string, timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** Calls `listener` after every change of a session. Returns a function that unsubscribes. */
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

export function createSessions({ seconds, now }: { seconds: () => number; now: () => Date }): Sessions {
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

  /** Applies the clock, which may be ahead of the timers: times out or deletes the session. Returns false if deleted. */
  const expireIfDue = (id: string, entry: Entry): boolean => {
    if (!entry.session.completed && entry.session.expiresAt <= now()) timeOut(id, entry.session.expiresAt);
    const { completed } = entry.session;
    const expired = completed !== undefined && now().getTime() - completed.at.getTime() >= READABLE_MS;
    if (expired) entries.delete(id);
    return !expired;
  };
  const view = (entry: Entry): Session => ({ ...entry.session, waiting: entry.waiters.size });
  const change = (id: string, changes: Partial<Session>): Session | undefined => {
    const entry = entries.get(id);
    if (!entry || !expireIfDue(id, entry) || entry.session.completed) return undefined;
    entry.session = { ...entry.session, ...changes };
    changed();
    return view(entry);
  };

  return {
    start({ account, request, deviceLink, ofDocument = false }) {
      // Entries are ordered by age, so stop at the first readable one.
      for (const [id, entry] of entries) if (expireIfDue(id, entry)) break;
      const id = randomUUID();
      const startedAt = now();
      const lifetimeMs = seconds() * 1000;
      const expiresAt = new Date(startedAt.getTime() + lifetimeMs);
      const deadline = setTimeout(() => timeOut(id, expiresAt), lifetimeMs).unref();
      const session: Session = {
        id,
        account,
        ofDocument,
        request,
        interaction: request.offered[0],
        deviceLink,
        opened: undefined,
        held: false,
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
      return entry && expireIfDue(id, entry) ? view(entry) : undefined;
    },
    all() {
      return [...entries].filter(([id, entry]) => expireIfDue(id, entry)).map(([, entry]) => view(entry));
    },
    open: (id, opening) => change(id, { opened: { ...opening, at: now() } }),
    hold: (id) => change(id, { held: true }),
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
