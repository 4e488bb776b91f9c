/**
 * The import directions of docs/architecture.md, kept true by the linter:
 * pki ← identity ← login ← oidc ← web ← main, and smart-id implements what login declares.
 */

/** What each module may import of `src/` besides itself. A module that is not named here imports nothing. */
const MAY_IMPORT = {
  http: [],
  flows: [],
  pki: ['http'],
  log: [],
  secrets: [],
  config: ['flows'],
  metrics: ['log'],
  audit: ['flows', 'log'],
  identity: ['pki', 'flows'],
  // It implements `Authenticator`, which login declares.
  'smart-id': ['flows', 'login', 'identity', 'pki', 'http', 'metrics', 'log'],
  trust: ['pki', 'http', 'smart-id', 'config', 'metrics', 'log'],
  login: ['flows', 'identity', 'audit', 'metrics', 'log'],
  oidc: ['flows', 'http', 'login', 'identity', 'audit', 'config', 'secrets', 'log'],
  web: ['flows', 'oidc', 'login', 'identity', 'audit', 'config', 'secrets', 'metrics', 'log'],
  story: ['audit', 'login'],
  ops: ['audit', 'story', 'oidc', 'secrets', 'log'],
  // It implements what these declare.
  store: ['flows', 'login', 'oidc', 'audit', 'ops', 'secrets', 'log'],
  // What `main.ts` and `cli.ts` share.
  bootstrap: [
    'audit',
    'commands',
    'config',
    'flows',
    'identity',
    'log',
    'login',
    'metrics',
    'oidc',
    'ops',
    'pki',
    'playground',
    'sample-app',
    'secrets',
    'simulator',
    'smart-id',
    'store',
    'trust',
    'web',
  ],
  // What `cli.ts` and a running instance call.
  commands: [
    'store',
    'story',
    'oidc',
    'trust',
    'identity',
    'audit',
    'config',
    'secrets',
    'receipt',
    'smart-id',
    'pki',
    'login',
  ],
  receipt: ['oidc', 'smart-id'],
  doctor: [
    'bootstrap',
    'store',
    'trust',
    'smart-id',
    'pki',
    'http',
    'oidc',
    'web',
    'config',
    'secrets',
    'log',
  ],
  // The stand-ins share nothing with the product that they stand in front of, and do not know each other.
  simulator: ['log'],
  'sample-app': ['log'],
  // It is served by the sample app, and has its look.
  playground: ['sample-app', 'log'],
};

/**
 * What each folder inside a module may import of that module besides itself and the files beside the folders.
 * A folder that is not named here may import any of them.
 */
const MAY_IMPORT_INSIDE = {
  'oidc/keys': [],
  'oidc/receipts': ['oidc/provider/stored-requests.ts'],
  'oidc/logout': [],
  'oidc/interaction': [
    'oidc/claims',
    'oidc/claims-profiles',
    'oidc/clients',
    'oidc/login-settings',
    'oidc/provider',
    'oidc/receipts',
    'oidc/records',
  ],
  'oidc/ciba': [
    'oidc/claims',
    'oidc/claims-profiles',
    'oidc/clients/shown-client.ts',
    'oidc/interaction',
    'oidc/login-settings',
    'oidc/records',
    'oidc/provider/stored-requests.ts',
  ],
  'oidc/claims': ['oidc/verified-claims'],
  'oidc/fapi': [],
  'oidc/mtls': [],
  'oidc/remembered': [
    'oidc/provider/accounts.ts',
    'oidc/claims',
    'oidc/claims-profiles',
    'oidc/interaction',
    'oidc/login-settings',
  ],
  'oidc/clients': [
    'oidc/ciba/ciba-client.ts',
    'oidc/keys',
    'oidc/fapi',
    'oidc/mtls',
    'oidc/login-settings',
    'oidc/claims-profiles',
    'oidc/services',
    'oidc/provider/protocol.ts',
  ],
  'oidc/login-settings': [],
  'oidc/records': [],
  'oidc/claims-profiles': [],
  'oidc/services': ['oidc/clients'],
  'oidc/verified-claims': [],
  'oidc/clients-file': ['oidc/clients'],
  'store/drivers': [],
  'store/clean-up': [],
  'store/tables': ['store/encryption', 'store/clean-up', 'store/drivers/shared-clock.ts'],
  'store/encryption': ['store/tables'],
  'simulator/ca': ['simulator/accounts'],
  'simulator/accounts': ['simulator/ca'],
  'simulator/control': ['simulator/accounts', 'simulator/phone'],
  'simulator/phone': ['simulator/accounts'],
  'simulator/rp-api': ['simulator/accounts', 'simulator/phone/device-link.ts'],
  'smart-id/rp-api': [],
  'smart-id/verify': ['smart-id/rp-api'],
  'web/messages': [],
  'web/branding': ['web/messages', 'web/pages'],
};

/** Imports nothing itself, and may be imported by every module but the stand-ins. */
const LEAVES = [
  'constant-time.ts',
  'country-code.ts',
  'invisible-characters.ts',
  'loopback-host.ts',
  'looks-random.ts',
  'reference.ts',
  'schema-problems.ts',
  'system-reason.ts',
];
const STAND_INS = ['simulator', 'sample-app', 'playground'];

const inside = (path) => (path.endsWith('.ts') ? `^src/${path}$` : `^src/${path}/`);

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'the-product-imports-no-test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|e2e|bench|scripts|peers)/' },
    },
    ...Object.entries(MAY_IMPORT).map(([name, allowed]) => ({
      name: `${name}-imports-its-own`,
      severity: 'error',
      from: { path: inside(name) },
      to: {
        path: '^src/',
        pathNot: [name, ...allowed, ...(STAND_INS.includes(name) ? [] : LEAVES)].map(inside),
      },
    })),
    ...Object.entries(MAY_IMPORT_INSIDE).map(([folder, allowed]) => ({
      name: `${folder}-imports-its-own`,
      severity: 'error',
      from: { path: inside(folder) },
      to: {
        path: `^src/${folder.split('/')[0]}/[^/]+/`,
        pathNot: [folder, ...allowed].map(inside),
      },
    })),
    {
      name: 'outbound-http-has-limits',
      comment: 'What asks others asks through src/http, whose functions have limits.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['http', 'simulator', 'sample-app'].map(inside) },
      to: { path: '^node_modules/undici/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'path-validation-asks-nobody',
      comment: 'Of pki, only the requests to OCSP responders and for revocation lists go out.',
      severity: 'error',
      from: { path: '^src/pki/', pathNot: '^src/pki/revocation/http\\.ts$' },
      to: { path: '^src/http/' },
    },
    {
      name: 'every-module-is-named',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: Object.keys(MAY_IMPORT).map(inside) },
      to: { path: '^src/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
