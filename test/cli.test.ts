import assert from 'node:assert/strict';
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lockDirectory } from '../src/store/drivers/directory-lock.ts';
import { createTestPki } from './support/certificates/certificates.ts';
import { copyDataDirectory } from './support/templates.ts';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const REDIRECT = ['--redirect-uri', 'https://app.example/callback'];

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sild-cli-'));
  await copyDataDirectory(join(directory, 'data'));
  await writeFile(join(directory, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"></svg>');
});
after(() => rm(directory, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a command on a separate embedded database. */
function sild(...args: string[]): Promise<Ran> {
  return sildWith({ DATA_DIR: join(directory, 'data') }, ...args);
}

function sildWith(variables: Readonly<Record<string, string | undefined>>, ...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, ENV_FILE: '', ...variables };
    execFile(process.execPath, [CLI, ...args], { env, cwd: directory }, (error, output, errors) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output, errors });
    });
  });
}

/** Starts a command on the same database. */
function start(...args: string[]) {
  return startWith('pipe', ...args);
}

/** @param stdout a pipe, or the descriptor of a file */
function startWith(stdout: 'pipe' | number, ...args: string[]) {
  const env = { ...process.env, ENV_FILE: '', DATA_DIR: join(directory, 'data') };
  const child = spawn(process.execPath, [CLI, ...args], {
    env,
    stdio: ['ignore', stdout, 'pipe'],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  let [output, errors] = ['', ''];
  if (stdout === 'pipe') child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'close').then(([code]): Ran => ({ code: Number(code ?? -1), output, errors }));
  return {
    child,
    ended,
    /** Resolves when the process has written a text; rejects when it ends first. */
    async said(text: RegExp): Promise<void> {
      while (!text.test(output + errors)) {
        const next = Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), ended]);
        assert.ok(child.exitCode === null, output + errors);
        await next;
      }
    },
  };
}

describe('sild', () => {
  const untouched = () => ({ DATA_DIR: join(directory, 'untouched') });

  it('prints its usage, with 0', async () => {
    for (const words of [[], ['help'], ['--help'], ['-h']]) {
      const { code, output } = await sildWith(untouched(), ...words);
      assert.equal(code, 0);
      assert.match(output, /^ {2}serve .*^ {4}--no-pkce .*^ {2}keys reencrypt /ms);
    }
  });

  for (const [words, first] of [
    [['serve', '--help'], 'serve'],
    [['migrate', '-h'], 'migrate'],
    [['client', 'remove', '--help'], 'client remove ID'],
    [['client', 'add', 'my-app', '--name', 'My app', '--help'], 'client add ID'],
    [['keys', 'rotate', '--now', '--help'], 'keys rotate'],
    [['audit', 'export', '-h'], 'audit export'],
  ] as const) {
    it(`prints the usage of “${words.join(' ')}” and does nothing, with 0`, async () => {
      const { code, output, errors } = await sildWith(untouched(), ...words);
      assert.equal(code, 0, errors);
      assert.match(output, new RegExp(`^Usage: sild COMMAND\n\n {2}${first} .*\n( {4}.*\n)*$`));
      assert.ok(!existsSync(untouched().DATA_DIR));
    });
  }

  it(
    'says that its output cannot be written, does what it was told, and ends with 1',
    { skip: !existsSync('/dev/full') },
    async () => {
      for (const words of [['help'], ['client', 'add', 'unprinted', ...REDIRECT], ['audit', 'export']]) {
        const full = openSync('/dev/full', 'w');
        const { child, ended } = startWith(full, ...words);
        closeSync(full);
        const { errors } = await ended;
        const sentence = /^The output cannot be written \(no space left on device, ENOSPC\)\. /m;
        assert.match(errors, sentence, words.join(' '));
        assert.doesNotMatch(errors, /^ +at /m, 'no stack');
        assert.equal(child.exitCode, 1);
      }
      assert.equal((await sild('client', 'show', 'unprinted')).code, 0);
      assert.equal((await sild('client', 'remove', 'unprinted')).code, 0);
    },
  );

  it('ends with 1 when it cannot serve', async () => {
    const { code, errors } = await sildWith({ ...untouched(), ISSUER: 'ftp://login.example.ee' }, 'serve');
    assert.equal(code, 1);
    assert.match(errors, /ISSUER/);
  });

  for (const [words, said, used] of [
    [['serve', 'bogus', 'extra'], '“bogus”', ['serve']],
    [['migrate', 'down'], '“down”', ['migrate']],
    [['doctor', 'who'], '“who”', ['doctor']],
    [
      ['keys', 'rotat'],
      '“keys rotat”',
      ['keys list', 'keys rotate', 'keys retire', 'keys export', 'keys reencrypt'],
    ],
    [['keys', 'rotate', '--later'], '--later', ['keys rotate']],
    [['keys', 'retire'], 'KID', ['keys retire']],
    [['audit', 'show', 'K7Q4-M2X0'], '“K7Q4-M2X0”', ['audit show']],
    [['audit', 'person', '40504040001'], 'PNOEE-47101010033', ['audit person']],
    [['browsers', 'list'], 'person', ['browsers list']],
    [['report', '--day'], '--day', ['report']],
    [['receipt', 'verify', 'receipt.txt'], '--keys', ['receipt verify']],
    [['trust', 'list', 'all'], '“all”', ['trust list']],
    [['client', 'remove', 'one', 'two'], '“two”', ['client remove']],
    [['audit', 'verify', '--since', 'yesterday'], '--since', ['audit verify']],
    [['servr'], '“servr”', ['serve', 'migrate', 'doctor', 'trust list']],
  ] as const) {
    it(`refuses “${words.join(' ')}”: prints the reason and the usage, opens nothing and ends with 2`, async () => {
      const { code, output, errors } = await sildWith(untouched(), ...words);
      assert.equal(code, 2);
      assert.equal(output, '');
      const [why = '', ...how] = errors.split('\n');
      assert.ok(why.includes(said), why);
      const commands = how.flatMap((line) => /^ {2}(\w+(?: [a-z]+)?)/.exec(line)?.[1] ?? []);
      assert.deepEqual(commands.slice(0, used.length), used);
      assert.equal(commands.length > used.length, words[0] === 'servr');
      assert.ok(!existsSync(untouched().DATA_DIR));
    });
  }
});

describe('a .env file', () => {
  const listed = (variables: Readonly<Record<string, string | undefined>>) =>
    sildWith(variables, 'trust', 'list');

  before(async () => {
    await mkdir(join(directory, 'of-env'));
    await writeFile(join(directory, '.env'), 'SMARTID_ENVIRONMENT=demo\nTRUST_DIR=of-env\n');
    await writeFile(join(directory, 'other.env'), 'SMARTID_ENVIRONMENT=wrong\n');
  });
  after(() => rm(join(directory, '.env')));

  it('in the working directory is read, and the environment wins', async () => {
    const env = { ENV_FILE: '.env' };
    const ran = await listed(env);
    assert.match(ran.output + ran.errors, /of-env\b/);
    const other = await listed({ ...env, TRUST_DIR: 'of-environment' });
    assert.match(other.output + other.errors, /of-environment/);
    assert.match((await listed({ ...env, TRUST_DIR: '' })).errors, /TRUST_DIR/);
  });

  it('is read from where ENV_FILE says, and not at all where that is empty', async () => {
    assert.match((await listed({ ENV_FILE: 'other.env' })).errors, /SMARTID_ENVIRONMENT/);
    assert.match((await listed({})).errors, /simulator needs none/);
    const { code, errors } = await listed({ ENV_FILE: 'nowhere.env' });
    assert.equal(code, 1);
    assert.match(errors, /nowhere\.env.*no such file.*ENV_FILE/);
  });

  it('may not have what Node reads before it, unless the environment has that too', async () => {
    const ca = join(directory, 'ca.pem');
    await writeFile(
      join(directory, 'node.env'),
      `NODE_EXTRA_CA_CERTS=${ca}\nNODE_OPTIONS=--no-deprecation\nNODE_USE_SYSTEM_CA=1\nTZ=Europe/Tallinn\n`,
    );
    const names = ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'NODE_USE_SYSTEM_CA'];
    const environment = (value: string | undefined) => Object.fromEntries(names.map((name) => [name, value]));
    const { code, errors } = await listed({ ENV_FILE: 'node.env', ...environment(undefined) });
    assert.equal(code, 1);
    assert.ok(errors.includes(`Node reads ${names.join(', ')} before the file node.env`), errors);
    assert.match((await listed({ ENV_FILE: 'node.env', ...environment('') })).errors, /simulator needs none/);
  });

  it('is read when Sild is started directly, and by default', async () => {
    const { ENV_FILE: _, ...rest } = process.env;
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    const started = spawn(process.execPath, [main], { env: rest, cwd: directory });
    let errors = '';
    started.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [code] = (await once(started, 'close')) as [number];
    assert.equal(code, 1);
    assert.match(errors, /ISSUER is required with SMARTID_ENVIRONMENT=demo/);
  });
});

describe('a command that fails', () => {
  it('reports that the embedded database is in use, not that Sild cannot start', async () => {
    const used = join(directory, 'used');
    await mkdir(used);
    const lock = lockDirectory(used);
    try {
      const { code, errors } = await sildWith({ DATA_DIR: used }, 'client', 'list');
      assert.equal(code, 1);
      assert.match(
        errors,
        /^The embedded database in .*used is used by a running Sild: stop it first, or use PostgreSQL \(DATABASE_URL\)\.\n$/,
      );
    } finally {
      lock.release();
    }
  });

  it('names the invalid variables', async () => {
    const { code, errors } = await sildWith(
      { DATABASE_URL: 'postgres://db/%zz', LOG_LEVEL: 'loud' },
      'migrate',
    );
    assert.equal(code, 1);
    assert.match(errors, /^Please correct:\n( {2}[A-Z_]+ .*\n)+All variables: /);
    assert.match(errors, /^ {2}DATABASE_URL has a %/m);
  });
});

describe('sild client add', () => {
  it('registers a client with its branding', async () => {
    const looks = ['--name', 'City Library', '--name#et', 'Linnaraamatukogu', '--accent', '#7a1f5c'];
    const texts = ['--display-text', 'Enter the library', '--display-text#ru', 'Вход в библиотеку'];
    const added = await sild(
      'client',
      'add',
      'library',
      ...REDIRECT,
      ...looks,
      ...texts,
      '--logo',
      'logo.svg',
    );
    assert.equal(added.code, 0, added.errors);
    assert.match(added.output, /Client library is registered\.\nIts secret, shown this once: [\w-]{43}\n/);
    assert.match((await sild('client', 'list')).output, /^library\tCity Library$/m);
  });

  it('refuses invalid metadata in one sentence', async () => {
    const { code, errors } = await sild('client', 'add', 'refused', ...REDIRECT, '--accent', 'teal');
    assert.equal(code, 1);
    assert.match(errors, /--accent/);
    assert.doesNotMatch(errors, /    at /);
  });

  it('refuses a name in an unknown language', async () => {
    const { code, errors } = await sild('client', 'add', 'refused', ...REDIRECT, '--name#fi', 'Kirjasto');
    assert.equal(code, 2);
    assert.match(errors, /--name#fi/);
  });
});

describe('sild trust', () => {
  it('works before anything else is configured, without a database', async () => {
    const variables = {
      SMARTID_ENVIRONMENT: 'live',
      TRUST_DIR: join(directory, 'trust'),
      DATA_DIR: join(directory, 'never-made'),
    };
    const file = join(directory, 'other.crt');
    await writeFile(file, createTestPki().issuing.certificate);
    const refused = await sildWith(variables, 'trust', 'add', file);
    assert.equal(refused.code, 1, refused.errors);
    assert.match(refused.output, /other\.crt.*TRUST_EXTRA_SHA256/);

    const named = { ...variables, TRUST_EXTRA_SHA256: /fingerprint (\w+)/.exec(refused.output)?.[1] ?? '' };
    assert.equal((await sildWith(named, 'trust', 'add', file)).code, 0);
    assert.match((await sildWith(named, 'trust', 'list')).output, /\textra\t/);
    const checked = await sildWith(named, 'trust', 'check');
    assert.equal(checked.code, 0, checked.output);
    assert.match(checked.output, /^missing {2}SK ID Solutions EID-Q 2024E/m);
    assert.equal((await sildWith(variables, 'trust', 'check')).code, 1);
    assert.ok(!existsSync(variables.DATA_DIR));
  });

  it('reports a missing setting in one sentence', async () => {
    const nowhere = await sildWith({ SMARTID_ENVIRONMENT: 'live' }, 'trust', 'check');
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.errors, /^Set TRUST_DIR/);
    const wrong = await sildWith({ TRUST_EXTRA_SHA256: 'AB' }, 'trust', 'check');
    assert.match(wrong.errors, /TRUST_EXTRA_SHA256 must be/);
  });
});

describe('sild doctor', () => {
  it('examines the environment of the process, and creates nothing', async () => {
    const data = join(directory, 'not-yet');
    const sound = await sildWith({ DATA_DIR: data }, 'doctor');
    assert.equal(sound.code, 0, sound.errors + sound.output);
    assert.match(sound.output, /^ok {7}configuration: /);
    assert.ok(!existsSync(data));
    const ill = await sildWith({ DATA_DIR: data, SMARTID_ENVIRONMENT: 'production' }, 'doctor');
    assert.equal(ill.code, 1);
    assert.match(ill.output, /^problem {2}configuration: SMARTID_ENVIRONMENT must be /m);
  });
});

describe('sild audit', () => {
  it('contains what was done on the command line, and is whole', async () => {
    const redirect = 'https://audited.example/callback';
    const added = await sild('client', 'add', 'audited', '--redirect-uri', redirect, '--public');
    assert.match(added.errors, /"event":"client_added","client":"audited"/, 'the log has it too');
    assert.equal((await sild('client', 'remove', 'audited')).code, 0);
    const verified = await sild('audit', 'verify');
    assert.equal(verified.code, 0, verified.errors);
    const exported = await sild('audit', 'export');
    const rows = exported.output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; data: { client?: string } })
      .filter(({ data }) => data.client === 'audited');
    assert.deepEqual(
      rows.map(({ event, data }) => ({ event, ...data })),
      [
        {
          event: 'client_added',
          client: 'audited',
          redirectUris: [redirect],
          authentication: 'none',
          pkce: true,
        },
        { event: 'client_removed', client: 'audited' },
      ],
    );
  });

  it('contains what a command did before the command prints it, also if SIGINT comes in between', async () => {
    for (const [id, said] of [
      ['told', /Client told is registered/],
      ['logged', /"event":"client_added"/],
    ] as const) {
      const adding = start('client', 'add', id, ...REDIRECT);
      await adding.said(said);
      adding.child.kill('SIGINT');
      const { code, output, errors } = await adding.ended;
      assert.equal(code, 0, errors);
      assert.match(output, /Its secret, shown this once: /);
      const exported = await sild('audit', 'export');
      assert.match(exported.output, new RegExp(`"event":"client_added",.*"client":"${id}"`));
    }
  });

  it('is exported without an error when the reader closes the pipe early', async () => {
    const exporting = start('audit', 'export');
    exporting.child.stdout.destroy();
    const { errors } = await exporting.ended;
    assert.doesNotMatch(errors, /EPIPE|cannot start|    at /);
  });

  it('reports the expected arguments', async () => {
    const { code, errors } = await sild('audit', 'export', '--person', '40504040001');
    assert.equal(code, 2);
    assert.match(errors, /^--person takes /m);
  });
});
