import tseslint from 'typescript-eslint';

/** The last word of the name of a secret, or of what is computed from one. */
const SECRET = '/(secret|password|token|challenge|verifier|signature|mac|digest|xsrf)(Hash|Of)?$/i';
const IS_SECRET = ['left', 'right']
  .flatMap((side) => [`${side}.name`, `${side}.property.name`, `${side}.callee.name`])
  .map((name) => `[${name}=${SECRET}]`)
  .join();
/** With `undefined`, `null` or a literal, nothing is compared that somebody could guess. */
const WITH_NOTHING = '[right.type="Literal"], [right.name=/^undefined$/]';

export default tseslint.config(
  { ignores: ['node_modules', 'data', 'examples', 'src/web/assets', 'src/simulator/assets', '**/*.cjs'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        // One program for one run; the project service would update its own for each of a thousand files.
        project: './tsconfig.json',
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/require-await': 'off',
      // Marked as deprecated by its authors so that nobody uses it without a second look; for http on loopback only.
      '@typescript-eslint/no-deprecated': [
        'error',
        { allow: [{ from: 'package', name: 'allowInsecureRequests', package: 'openid-client' }] },
      ],
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/config reads the environment.' },
      ],
      'no-console': 'error',
    },
  },
  {
    // They pass it to src/config, and read nothing of it.
    files: ['src/config/env-file.ts', 'src/main.ts', 'src/cli.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['scripts/**', 'test/**', 'e2e/**', 'bench/**', 'peers/**'],
    rules: { 'no-restricted-properties': 'off', 'no-console': 'off' },
  },
  {
    // What an attacker may guess must not be compared byte by byte until the first difference. What is compared in src/pki is public,
    // and the simulator has no secrets.
    files: ['src/**'],
    ignores: ['src/pki/**', 'src/simulator/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name=/^(equals|compare)$/]',
          message: 'Compare secrets with equalInConstantTime.',
        },
        {
          selector: `BinaryExpression[operator=/^[!=]==?$/]:matches(${IS_SECRET}):not(${WITH_NOTHING})`,
          message: 'Compare secrets with equalInConstantTime.',
        },
      ],
    },
  },
  {
    // node:test: describe() and it() return promises that the runner itself awaits.
    files: ['test/**', 'e2e/**', 'peers/**'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['describe', 'it', 'test', 'suite'], package: 'node:test' },
          ],
        },
      ],
    },
  },
  {
    // Many test files share a process, each as a suite: what follows an await is outside of the suite. (scripts/run-tests.ts)
    files: ['{test,e2e}/**'],
    // Programs, which no test imports.
    ignores: [
      'test/model/long-run.ts',
      'test/store/drivers/killed-process.ts',
      'test/bootstrap/limited-server.ts',
      'e2e/support/short-lived.ts',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: ':matches(AwaitExpression, ForOfStatement[await=true]):not(:function *)',
          message: 'Await in before(), or in an async describe().',
        },
      ],
    },
  },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
);
