/**
 * Who looks at their history in a browser: a sealed cookie for the path /me, and a record in the database, without which a copy of the
 * cookie is worth nothing. So logging out ends copies too, on every instance.
 */
import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { newOwnRequest, type OwnRequest, VISIT_MODEL } from '../../oidc/own-client.ts';
import type { RecordStore, RecordWrite } from '../../oidc/stores.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { WebContext } from '../context.ts';
import { type Cookie, dropCookie, sealedCookieOf, setSealedCookie } from '../cookies.ts';

export const HISTORY_PATH = '/me';
const LIFETIME_MS = 15 * 60_000;
const VISIT: Cookie = { name: 'sild_history', path: HISTORY_PATH };
const REQUEST: Cookie = { name: 'sild_history_login', path: HISTORY_PATH };

export interface Visit {
  readonly id: string;
  /** Semantics identifier. */
  readonly person: string;
}

export interface VisitDependencies {
  readonly secrets: Pick<Secrets, 'seal' | 'open'>;
  readonly records: Pick<RecordStore, 'find' | 'remove'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const ofBrowser = { until: z.number(), browser: z.string() };
const visitSchema = z.object({ ...ofBrowser, id: z.string(), person: z.string() });
const requestSchema = z.object({ ...ofBrowser, state: z.string(), verifier: z.string() });

/** The visit of this browser, not over yet. */
export async function visitOf(dependencies: VisitDependencies, ctx: WebContext): Promise<Visit | undefined> {
  const { secrets, records, now } = dependencies;
  const { data: visit } = visitSchema.safeParse(sealedCookieOf(ctx, VISIT, secrets, VISIT.name));
  if (!visit || visit.until <= now() || visit.browser !== browserOf(ctx)) return undefined;
  return (await records.find(VISIT_MODEL, visit.id)) && { id: visit.id, person: visit.person };
}

/**
 * Begins the visit of a person who logs in.
 *
 * @param logIn stores the record of the visit and returns the person's semantics identifier; undefined if nobody is logged in
 */
export async function beginVisit(
  { secrets, now }: Omit<VisitDependencies, 'records'>,
  ctx: WebContext,
  logIn: (visit: Pick<RecordWrite, 'id' | 'expiresAt'>) => Promise<string | undefined>,
): Promise<boolean> {
  const until = now() + LIFETIME_MS;
  const id = randomUUID();
  const person = await logIn({ id, expiresAt: Math.ceil(until / 1000) });
  if (person === undefined) return false;
  const value = { id, person, until, browser: browserOf(ctx) };
  setSealedCookie(ctx, VISIT, value, { secrets, purpose: VISIT.name, lifetimeMs: LIFETIME_MS });
  return true;
}

export async function endVisit(dependencies: VisitDependencies, ctx: WebContext): Promise<void> {
  const visit = await visitOf(dependencies, ctx);
  if (visit) await dependencies.records.remove(VISIT_MODEL, visit.id);
  dropCookie(ctx, VISIT);
}

/** Keeps a new authorization request in this browser, in place of one before it. */
export function keepRequest(
  { secrets, now }: Omit<VisitDependencies, 'records'>,
  ctx: WebContext,
): OwnRequest {
  const request = newOwnRequest();
  const value = { ...request, until: now() + LIFETIME_MS, browser: browserOf(ctx) };
  setSealedCookie(ctx, REQUEST, value, { secrets, purpose: REQUEST.name, lifetimeMs: LIFETIME_MS });
  return request;
}

/** The authorization request of this browser, until `dropRequest`. */
export function requestOf(
  { secrets, now }: Omit<VisitDependencies, 'records'>,
  ctx: WebContext,
): OwnRequest | undefined {
  const { data: request } = requestSchema.safeParse(sealedCookieOf(ctx, REQUEST, secrets, REQUEST.name));
  if (!request || request.until <= now() || request.browser !== browserOf(ctx)) return undefined;
  return request;
}

export function dropRequest(ctx: WebContext): void {
  dropCookie(ctx, REQUEST);
}

/** A cookie is refused in a browser that names itself differently. A browser can claim to be any other: the record is what counts. */
function browserOf(ctx: WebContext): string {
  return createHash('sha256').update(ctx.get('User-Agent')).digest('base64url');
}
