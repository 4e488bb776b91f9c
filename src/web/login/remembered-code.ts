/**
 * The personal code that a person lets their browser remember, where the operator offers that. Only the browser stores it,
 * sealed, in a cookie that no other host can set (a planted code would send the person’s push to an attacker’s phone).
 *
 *   POST …/code with the box ticked ─ wishRememberedCode: not shown yet ─▶ a login with this code ─ keepRememberedCode: shown
 *
 * It fills in the form of later logins, but not where the client expects a particular person: anybody can open such a login.
 */
import { z } from 'zod';
import { COUNTRIES, type Country } from '../../identity/countries/rules.ts';
import { parseSemanticsIdentifier } from '../../identity/semantics-identifier.ts';
import type { LoginResult } from '../../login/login-result.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { WebContext } from '../context.ts';
import { type Cookie, cookieOf, dropCookie, sealedCookieOf, setSealedCookie } from '../cookies.ts';

export interface RememberedCodeDependencies {
  readonly secrets: Pick<Secrets, 'seal' | 'open'>;
  /** Whether the form offers to remember the personal code. If not, what was remembered before is not read. */
  readonly offersToRemember: boolean;
}

/** A personal code, as the semantics identifier has it. */
export interface PersonalCode {
  readonly country: Country;
  readonly number: string;
}

const CODE: Cookie = { name: 'sild_code', path: '/' };
const PURPOSE = 'remembered code';
/** As long as a login may take. */
const WISH_MS = 15 * 60 * 1000;
const REMEMBERED_MS = 365 * 24 * 60 * 60 * 1000;

const sealedSchema = z.object({
  country: z.enum(COUNTRIES),
  number: z.string(),
  /** Whether its owner has logged in with it since. */
  confirmed: z.boolean(),
});

/** The code that a person has logged in with and let this browser remember. */
export function rememberedCode(
  dependencies: RememberedCodeDependencies,
  ctx: WebContext,
): PersonalCode | undefined {
  const sealed = read(dependencies, ctx);
  return sealed?.confirmed === true ? { country: sealed.country, number: sealed.number } : undefined;
}

/** Whether the box is ticked at first for a code. */
export function wishesToRemember(
  dependencies: RememberedCodeDependencies,
  ctx: WebContext,
  code: PersonalCode | undefined,
): boolean {
  const sealed = read(dependencies, ctx);
  return code !== undefined && sealed !== undefined && isSame(sealed, code);
}

/** The box was ticked, or not, for a code that was typed. Without a tick this code is forgotten; that of another person stays. */
export function wishRememberedCode(
  dependencies: RememberedCodeDependencies,
  ctx: WebContext,
  code: PersonalCode,
  ticked: boolean,
): void {
  if (!dependencies.offersToRemember) return;
  const sealed = read(dependencies, ctx);
  const known = sealed !== undefined && isSame(sealed, code);
  if (ticked && !known) write(dependencies, ctx, { ...code, confirmed: false }, WISH_MS);
  if (!ticked && known) dropCookie(ctx, CODE);
}

/** After a login: its code is remembered from now on, if the person wished so. */
export function keepRememberedCode(
  dependencies: RememberedCodeDependencies,
  ctx: WebContext,
  { person }: Pick<LoginResult, 'person'>,
): void {
  const sealed = read(dependencies, ctx);
  const { country, number } = parseSemanticsIdentifier(person.semanticsIdentifier);
  if (sealed?.country !== country || sealed.number !== number) return;
  write(dependencies, ctx, { ...sealed, confirmed: true }, REMEMBERED_MS);
}

export function forgetRememberedCode(ctx: WebContext): void {
  if (cookieOf(ctx, CODE) !== undefined) dropCookie(ctx, CODE);
}

function isSame(one: PersonalCode, other: PersonalCode): boolean {
  return one.country === other.country && one.number === other.number;
}

function read(
  { secrets, offersToRemember }: RememberedCodeDependencies,
  ctx: WebContext,
): z.infer<typeof sealedSchema> | undefined {
  if (!offersToRemember) return undefined;
  return sealedSchema.safeParse(sealedCookieOf(ctx, CODE, secrets, PURPOSE)).data;
}

function write(
  { secrets }: RememberedCodeDependencies,
  ctx: WebContext,
  code: z.infer<typeof sealedSchema>,
  lifetimeMs: number,
): void {
  setSealedCookie(ctx, CODE, code, { secrets, purpose: PURPOSE, lifetimeMs });
}
