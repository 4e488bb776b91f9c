/** What the form of the playground says, validated. What Sild itself would refuse may be sent: that is what a playground is for. */
import { z } from 'zod';
import { CLIENTS, SCOPES } from './clients.ts';

export const PROMPTS = ['', 'none', 'login', 'consent', 'select_account'] as const;
export const LEVELS = ['', 'http://eidas.europa.eu/LoA/high', 'http://eidas.europa.eu/LoA/low'] as const;
/** `opera` is not registered with any client. */
export const ASKING_SERVICES = ['', 'library', 'theatre', 'opera'] as const;
export const RESPONSE_MODES = ['', 'query', 'form_post', 'fragment'] as const;
export const SWITCHES = ['pkce', 'par', 'jar', 'dpop', 'id_token_hint'] as const;

const MOST_CHARACTERS = 200;
const MOST_CLAIMS_CHARACTERS = 4_000;

const text = z
  .string()
  .trim()
  .max(MOST_CHARACTERS, `must have at most ${MOST_CHARACTERS} characters`)
  .default('');

const claims = z
  .string()
  .trim()
  .max(MOST_CLAIMS_CHARACTERS, `must have at most ${MOST_CLAIMS_CHARACTERS} characters`)
  .refine(
    (value) => value === '' || isJsonObject(value),
    'must be a JSON object, like {"id_token":{"sub":null}}',
  )
  .default('');

const ids = CLIENTS.map(({ id }) => id);
const choice = <const T extends readonly string[]>(values: T) =>
  z.enum(values as unknown as [T[number], ...T[number][]], { error: `must be one of the list` });
const isOn = z.boolean().default(false);

const schema = z.object({
  client: choice(ids).default('playground'),
  scope: z.array(choice(SCOPES)).max(SCOPES.length).default([]),
  claims,
  prompt: choice(PROMPTS).default(''),
  acr_values: choice(LEVELS).default(''),
  max_age: text,
  login_hint: text,
  ui_locales: text,
  service: choice(ASKING_SERVICES).default(''),
  response_mode: choice(RESPONSE_MODES).default(''),
  pkce: isOn,
  par: isOn,
  jar: isOn,
  dpop: isOn,
  id_token_hint: isOn,
});

export type Settings = Readonly<z.output<typeof schema>>;
export type SettingName = keyof Settings;
export type Problems = Partial<Record<SettingName, string>>;

export const DEFAULTS: Settings = schema.parse({ scope: ['openid', 'profile', 'identity'], pkce: true });

/** @returns `DEFAULTS` where the form says nothing; with problems, the settings are those that have none */
export function settingsOf(form: URLSearchParams): {
  readonly settings: Settings;
  readonly problems: Problems;
} {
  if (form.size === 0) return { settings: DEFAULTS, problems: {} };
  const given: Record<string, unknown> = {};
  for (const name of Object.keys(schema.shape)) {
    if (!form.has(name)) continue;
    if (name === 'scope') given[name] = [...new Set(form.getAll(name))];
    else if (SWITCHES.some((each) => each === name)) given[name] = form.get(name) === '1';
    else given[name] = form.get(name);
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return { settings: parsed.data, problems: {} };
  const problems: Problems = {};
  for (const { path, message } of parsed.error.issues) {
    const name = path[0] as SettingName;
    problems[name] ??= message;
    // Texts stay in the form, to be mended.
    if (!['claims', 'max_age', 'login_hint', 'ui_locales'].includes(name))
      Reflect.deleteProperty(given, name);
  }
  const texts = Object.fromEntries(
    Object.entries(given).filter(([name]) => name in problems),
  ) as Partial<Settings>;
  for (const name of Object.keys(texts)) Reflect.deleteProperty(given, name);
  return { settings: { ...schema.parse(given), ...texts }, problems };
}

/** The same as a form: for the address of a filled form. */
export function formOf(settings: Settings): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(settings)) {
    if (Array.isArray(value)) for (const each of value) form.append(name, each);
    else if (typeof value === 'boolean') {
      if (value) form.set(name, '1');
    } else if (value !== '') form.set(name, value);
  }
  return form;
}

/** The parameters of an authorization request that the settings name as they are. */
export function parametersOf(settings: Settings): Record<string, string> {
  const { scope, claims: requested, prompt, acr_values, max_age } = settings;
  const { login_hint, ui_locales, service, response_mode } = settings;
  const all = {
    response_type: 'code',
    scope: scope.join(' '),
    claims: requested,
    prompt,
    acr_values,
    max_age,
    login_hint,
    ui_locales,
    service,
    response_mode,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** The `max_age` that a client can check, in seconds. Undefined if it is not set or not valid; in the latter case Sild refuses the request. */
export function maxAgeOf({ max_age: text }: Settings): number | undefined {
  const seconds = /^\d+$/.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(seconds) ? seconds : undefined;
}

function isJsonObject(value: string): boolean {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}
