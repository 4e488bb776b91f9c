import { z } from 'zod';
import { type Flow, FLOWS } from '../flows/flows.ts';
import { isCountryCode } from '../country-code.ts';
import { invisibleIn } from '../invisible-characters.ts';
import { isDecodable, type SectionValues, url, variable } from './variable.ts';

const SMARTID_ENVIRONMENTS = ['simulator', 'demo', 'live'] as const;

/** Where a push may be sent from. Least strict first. */
export const NOTIFICATION_POLICIES = ['always', 'known-browser', 'never'] as const;
export type NotificationPolicy = (typeof NOTIFICATION_POLICIES)[number];

/** SK's limit, in bytes of UTF-8. */
const NAME_BYTES = 32;

/** A relyingPartyName, exactly as registered with SK. */
export const relyingPartyName = z
  .string()
  .min(1, 'must not be empty')
  .refine((value) => invisibleIn(value) === undefined, 'must have no invisible character')
  .refine((value) => Buffer.byteLength(value) <= NAME_BYTES, `must be at most ${NAME_BYTES} bytes of UTF-8`);

export interface RegisteredName {
  readonly name: string;
  /** The brokered name that is registered beside it. */
  readonly brokeredName?: string | undefined;
}

/** Which Smart-ID service Sild speaks to, and as which relying party. */
export const smartIdSection = {
  SMARTID_ENVIRONMENT: variable(
    z.enum(SMARTID_ENVIRONMENTS, { error: 'must be simulator, demo or live' }).default('simulator'),
    { description: 'simulator (built in, not real), demo (SK’s test service) or live.' },
  ),
  SMARTID_API_VERSION: variable(z.enum(['3', '2'], { error: 'must be 3 or 2' }).default('3'), {
    description: 'Version of the RP API: 3, or 2, which has notifications only.',
  }),
  SMARTID_FLOWS: variable(flows().optional(), {
    description:
      'The flows that people are offered, separated by commas: qr (a QR code), web2app (opening the app on the same device), notification (a push and a verification code).',
    defaultText: 'all that the RP API version has: qr,web2app,notification with 3, notification with 2',
    example: 'qr,web2app',
  }),
  NOTIFICATION_POLICY: variable(
    z.enum(NOTIFICATION_POLICIES, { error: 'must be always, known-browser or never' }).default('always'),
    {
      description:
        'Where a push may be sent from: always, only from a browser in which the same person has logged in by a QR code or the app before (known-browser), or never. A QR code and the app cannot be phished; a push can.',
    },
  ),
  SMARTID_RP_UUID: variable(z.guid('must be a UUID').optional(), {
    description: 'relyingPartyUUID of the agreement with SK.',
    defaultText: 'SK’s public test value with simulator and demo; required with live',
  }),
  SMARTID_RP_NAME: variable(relyingPartyName.optional(), {
    description: 'relyingPartyName as registered with SK, byte for byte; at most 32 bytes.',
    defaultText: 'DEMO with simulator and demo; required with live',
  }),
  SMARTID_RP_NAMES: variable(relyingPartyNames().optional(), {
    description:
      'Further relyingPartyNames that SK has registered, separated by semicolons: a client chooses one with `relying_party_name`. `NAME=BROKERED` gives a name the brokered name that SK has registered beside it, since the app signs both.',
    defaultText: 'none',
    example: 'City Library; Broker Ltd=City Museum',
  }),
  SMARTID_BASE_URL: variable(url('https', 'http').optional(), {
    description: 'Base address of the RP API, version included.',
    defaultText: 'SK’s address of the environment, or the simulator’s',
    example: 'https://rp-api.smart-id.com/v3/',
  }),
  SMARTID_TLS_PINS: variable(pins().optional(), {
    description:
      'Keys that Smart-ID’s TLS certificate, or one that it is issued under, has to have: SHA-256 of the SubjectPublicKeyInfo in Base64, separated by commas; `npx sild doctor` prints them. Name the next key too before SK changes it. `none` does without.',
    defaultText: 'none; required with live',
    example: 'sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  }),
  SMARTID_CERTIFICATE_LEVEL: variable(
    z.enum(['QUALIFIED', 'ADVANCED'], { error: 'must be QUALIFIED or ADVANCED' }).default('QUALIFIED'),
    {
      description:
        'The least certificate level to accept: QUALIFIED, or ADVANCED to let Smart-ID Basic accounts in (needs a right from SK). A client can demand QUALIFIED for a login with `acr_values`.',
    },
  ),
  REVOCATION: variable(
    z.enum(['required', 'best-effort', 'off'], { error: 'must be required, best-effort or off' }).optional(),
    {
      description:
        'Whether certificates are checked for revocation, by OCSP and then by the CA’s list: required (nobody gets in whose certificate nobody vouches for), best-effort (a revoked certificate is refused; where nobody answers, that is logged and counted) or off.',
      defaultText: 'required with live and simulator, off with demo',
    },
  ),
  SMARTID_COUNTRIES: variable(countries().optional(), {
    description:
      'The countries whose people may log in, by the country of their identity: ISO 3166-1 alpha-2 codes, separated by commas. Others are told so after the app has said who they are, and the form for the personal code offers only these.',
    defaultText: 'every country',
    example: 'EE,LV,LT',
  }),
  HTTPS_PROXY: variable(proxyUrl().optional(), {
    description:
      'Proxy for connections to Smart-ID and other https addresses of this list’s services. TLS goes through it to the server itself; keys are pinned as without it. Clients’ own addresses (`jwks_uri`) are fetched directly.',
    defaultText: 'none',
    example: 'http://proxy.example.ee:3128',
  }),
  HTTP_PROXY: variable(proxyUrl().optional(), {
    description: 'Proxy for connections to http addresses, as those of OCSP responders and revocation lists.',
    defaultText: 'none',
    example: 'http://proxy.example.ee:3128',
  }),
  NO_PROXY: variable(z.string().transform(listed).optional(), {
    description:
      'What to connect to directly although there is a proxy, separated by commas: `host`, which includes the names below it, `host:port`, or `*`. This machine always.',
    defaultText: 'none',
    example: 'intranet.example.ee',
  }),
  TRUST_DIR: variable(z.string().min(1).optional(), {
    description: 'Directory with the Smart-ID CA certificates to trust, PEM or DER. Nothing else is trusted.',
    defaultText: 'the simulator’s own CA; required with demo and live',
  }),
  TRUST_EXTRA_SHA256: variable(fingerprints().optional(), {
    description:
      'SHA-256 fingerprints, separated by commas, of CA certificates in TRUST_DIR to trust although Sild does not know them as Smart-ID’s: for a CA that is newer than this release. Get them from SK.',
    defaultText: 'none',
  }),
};

const SK_TEST_UUID = '00000000-0000-4000-8000-000000000000';
const SK_TEST_NAME = 'DEMO';
const BASE_URLS = {
  simulator: { 3: undefined, 2: undefined },
  demo: { 3: 'https://sid.demo.sk.ee/smart-id-rp/v3/', 2: 'https://sid.demo.sk.ee/smart-id-rp/v2/' },
  live: { 3: 'https://rp-api.smart-id.com/v3/', 2: 'https://rp-api.smart-id.com/v2/' },
} as const;
/** The versions of the RP API that have a flow. */
const VERSIONS: Readonly<Record<Flow, readonly ('3' | '2')[]>> = {
  qr: ['3'],
  web2app: ['3'],
  notification: ['3', '2'],
};

/** The flows that a version of the RP API has. */
export function flowsOf(apiVersion: '3' | '2'): readonly Flow[] {
  return FLOWS.filter((flow) => VERSIONS[flow].includes(apiVersion));
}

export interface SmartIdConfig {
  readonly environment: 'simulator' | 'demo' | 'live';
  readonly apiVersion: '3' | '2';
  /** The flows that people are offered, at least one. */
  readonly flows: readonly Flow[];
  /** Where a push may be sent from, as far as `flows` has notifications at all. */
  readonly notificationPolicy: NotificationPolicy;
  readonly schemeName: 'smart-id' | 'smart-id-demo';
  readonly relyingPartyUuid: string;
  /** All registered names; the first is that of clients which choose none. */
  readonly relyingParties: readonly [RegisteredName, ...RegisteredName[]];
  /** Undefined: the simulator's own. */
  readonly baseUrl: string | undefined;
  /** SHA-256 of SubjectPublicKeyInfo, Base64; empty: none. */
  readonly tlsPins: readonly string[];
  readonly certificateLevel: 'QUALIFIED' | 'ADVANCED';
  /** ISO 3166-1 alpha-2 codes of the identities that may log in; undefined: all. */
  readonly countries: readonly string[] | undefined;
  readonly revocation: 'required' | 'best-effort' | 'off';
  /** For what is asked of Smart-ID, of its CAs' services and of its website. */
  readonly proxies: {
    readonly https: URL | undefined;
    readonly http: URL | undefined;
    readonly except: readonly string[];
  };
  /** Undefined: the simulator's CA. */
  readonly trustDir: string | undefined;
  /** SHA-256, upper-case hexadecimal. */
  readonly trustExtra: readonly string[];
}

export function smartIdConfig(smartId: SectionValues<typeof smartIdSection>): SmartIdConfig {
  const environment = smartId.SMARTID_ENVIRONMENT;
  const name = smartId.SMARTID_RP_NAME ?? SK_TEST_NAME;
  return {
    environment,
    apiVersion: smartId.SMARTID_API_VERSION,
    flows: smartId.SMARTID_FLOWS ?? flowsOf(smartId.SMARTID_API_VERSION),
    notificationPolicy: smartId.NOTIFICATION_POLICY,
    schemeName: environment === 'live' ? 'smart-id' : 'smart-id-demo',
    relyingPartyUuid: smartId.SMARTID_RP_UUID ?? SK_TEST_UUID,
    relyingParties: allRelyingParties(name, smartId.SMARTID_RP_NAMES ?? []),
    baseUrl: smartId.SMARTID_BASE_URL ?? BASE_URLS[environment][smartId.SMARTID_API_VERSION],
    tlsPins: smartId.SMARTID_TLS_PINS ?? [],
    certificateLevel: smartId.SMARTID_CERTIFICATE_LEVEL,
    countries: smartId.SMARTID_COUNTRIES,
    revocation: smartId.REVOCATION ?? (environment === 'demo' ? 'off' : 'required'),
    proxies: {
      https: smartId.HTTPS_PROXY,
      http: smartId.HTTP_PROXY,
      except: smartId.NO_PROXY ?? [],
    },
    trustDir: smartId.TRUST_DIR,
    trustExtra: smartId.TRUST_EXTRA_SHA256 ?? [],
  };
}

/** With a user name and password, if the proxy wants them. */
function proxyUrl(): z.ZodType<URL> {
  const message = 'must be a URL like http://proxy.example.ee:3128, or http://USER:PASSWORD@…';
  return z
    .string()
    .refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), { abort: true, error: message })
    .transform((value) => new URL(value))
    .refine(({ pathname, search, hash }) => pathname === '/' && search + hash === '', message)
    .refine(
      ({ username, password }) => isDecodable(username) && isDecodable(password),
      'has a % that encodes nothing in the user or password: write %25 for a % itself',
    );
}

function listed(text: string): readonly string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function countries(): z.ZodType<readonly string[]> {
  const code = z.string().refine(isCountryCode, 'must be a list of country codes of ISO 3166-1, like EE,LV');
  return listOf(code, 'must name each country once');
}

/** As `sha256/BASE64=` or `BASE64=`; the latter comes out. */
function pins(): z.ZodType<readonly string[]> {
  return z
    .string()
    .transform((text) =>
      text === 'none' ? [] : text.split(',').map((pin) => pin.trim().replace(/^sha256\//, '')),
    )
    .pipe(
      z.array(
        z.string().refine(
          // Canonical Base64 alone: another spelling of the right bits would never match.
          (pin) => /^[A-Za-z0-9+/]{43}=$/.test(pin) && Buffer.from(pin, 'base64').toString('base64') === pin,
          'must be none, or a list of pins like sha256/ and 44 characters of Base64',
        ),
      ),
    );
}

/** With or without colons; upper-case hexadecimal comes out. */
function fingerprints(): z.ZodType<readonly string[]> {
  return z
    .string()
    .transform((text) => text.split(',').map((one) => one.trim().replaceAll(':', '').toUpperCase()))
    .pipe(
      z.array(
        z
          .string()
          .regex(/^[0-9A-F]{64}$/, 'must be a list of SHA-256 fingerprints, 64 hexadecimal digits each'),
      ),
    );
}

function flows(): z.ZodType<readonly Flow[]> {
  const flow = z.enum(FLOWS, { error: `must be a list of ${FLOWS.join(', ')}` });
  return listOf(flow, 'must name each flow once');
}

/** Members between commas, each once. */
function listOf<T extends string>(member: z.ZodType<T, string>, repeated: string): z.ZodType<readonly T[]> {
  return z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .pipe(z.array(member).refine((list) => new Set(list).size === list.length, repeated));
}

/** `NAME; NAME=BROKERED NAME`. A name may have a comma, as those of companies do. */
function relyingPartyNames(): z.ZodType<readonly RegisteredName[]> {
  return z
    .string()
    .transform((text) => text.split(';').map(registeredName))
    .pipe(
      z
        .array(z.object({ name: relyingPartyName, brokeredName: relyingPartyName.optional() }))
        .refine(
          (list) => new Set(list.map(({ name }) => name)).size === list.length,
          'must have each name once',
        ),
    );
}

function registeredName(text: string): RegisteredName {
  const [name = '', ...brokered] = text.split('=');
  return brokered.length === 0
    ? { name: name.trim() }
    : { name: name.trim(), brokeredName: brokered.join('=').trim() };
}

/** The default one first; SMARTID_RP_NAMES may repeat it, to give it a brokered name. */
function allRelyingParties(
  defaultName: string,
  more: readonly RegisteredName[],
): readonly [RegisteredName, ...RegisteredName[]] {
  const own = more.find(({ name }) => name === defaultName) ?? { name: defaultName };
  return [own, ...more.filter((each) => each !== own)];
}
