/**
 * The import directions of docs/architecture.md, kept true by the linter:
 * pki ← smart-id ← login, pki ← identity ← login, login ← oidc ← web ← main.
 */

/** What each room may import of `src/` beside itself. A room that is not named here imports nothing. */
const MAY_IMPORT = {
  pki: [],
  log: [],
  secrets: [],
  config: [],
  metrics: ['log'],
  audit: ['log'],
  identity: ['pki'],
  'smart-id': ['pki', 'metrics', 'log'],
  trust: ['pki', 'smart-id', 'config', 'metrics', 'log'],
  login: ['smart-id', 'identity', 'audit', 'metrics', 'log'],
  oidc: ['login', 'identity', 'audit', 'config', 'secrets', 'log'],
  web: ['oidc', 'login', 'smart-id', 'identity', 'audit', 'config', 'secrets', 'log'],
  // It implements what these declare.
  store: ['login', 'oidc', 'audit', 'secrets', 'log'],
  // What `cli.ts` calls.
  commands: ['store', 'oidc', 'trust', 'identity', 'audit', 'config', 'secrets'],
  doctor: ['store', 'trust', 'smart-id', 'pki', 'config', 'secrets', 'log'],
  // The stand-ins share nothing with the product that they stand in front of, and do not know each other.
  simulator: ['log'],
  'sample-app': ['log'],
};

const room = (name) => `^src/${name}/`;

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'the-product-imports-no-test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|e2e|bench|scripts)/' },
    },
    ...Object.entries(MAY_IMPORT).map(([name, allowed]) => ({
      name: `${name}-imports-its-own`,
      severity: 'error',
      from: { path: room(name) },
      to: { path: '^src/', pathNot: [name, ...allowed].map(room) },
    })),
    {
      name: 'every-room-is-named',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: Object.keys(MAY_IMPORT).map(room) },
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
