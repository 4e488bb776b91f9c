import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ClientsFileError } from '../../../src/oidc/clients-file/clients-file-error.ts';
import { readClients } from '../../../src/oidc/clients-file/read-clients.ts';

const SECRET = 'a secret of sufficient length';
const HASH = 'ab'.repeat(32);
const LOGO = '<svg xmlns="http://www.w3.org/2000/svg"></svg>';
const ENVIRONMENT = {
  PORTAL_SECRET: SECRET,
  HOST: 'portal.example.ee',
  EMPTY: '',
  SHORT: 'fifteen letters',
  HASHED: `sha256:${HASH}`,
  SPACES: ` ${' '.repeat(20)}\n`,
  COPIED: ` ${SECRET}\n`,
  REPEATED: 'a'.repeat(20),
};

let parent: string;
let directory: string;
before(async () => {
  parent = await mkdtemp(join(tmpdir(), 'sild-clients-file-'));
});
after(() => rm(parent, { recursive: true }));
beforeEach(async () => {
  directory = await mkdtemp(join(parent, 'case-'));
  await writeFile(join(directory, 'logo.svg'), LOGO);
  await writeFile(join(directory, 'secret'), `${SECRET}\n`);
});

async function read(text: string, name = 'clients.yaml') {
  const path = join(directory, name);
  await writeFile(path, text);
  return readClients(path, ENVIRONMENT);
}

async function problemsOf(text: string, name?: string): Promise<readonly string[]> {
  try {
    await read(text, name);
  } catch (error) {
    if (error instanceof ClientsFileError) return error.problems;
    throw error;
  }
  return [];
}

/** A client that is valid, with changes; `null` takes a member away. */
function portal(changes: Readonly<Record<string, unknown>> = {}): string {
  const client: Readonly<Record<string, unknown>> = {
    client_id: 'portal',
    client_secret: '${PORTAL_SECRET}',
    redirect_uris: ['https://portal.example.ee/callback'],
    ...changes,
  };
  const given = Object.entries(client).filter(([, value]) => value !== null);
  const members = given.map(([name, value]) => `    ${name}: ${JSON.stringify(value)}\n`);
  return `clients:\n  -\n${members.join('')}`;
}

describe('a file of clients', () => {
  it('is YAML or JSON', async () => {
    const expected = {
      client_id: 'portal',
      client_secret: SECRET,
      redirect_uris: ['https://portal.example.ee/callback'],
    };
    const [yaml] = await read(portal());
    assert.deepEqual(yaml?.metadata, expected);
    assert.equal(yaml.place, 'clients.yaml:3');
    const json = { clients: [{ ...expected, client_secret: '${PORTAL_SECRET}' }] };
    const [one, ...more] = await read(JSON.stringify(json, undefined, 2), 'clients.json');
    assert.deepEqual(one?.metadata, expected);
    assert.deepEqual(more, []);
    assert.deepEqual(await read('clients: []'), []);
  });

  it('refers to variables in any text', async () => {
    const [client] = await read(
      portal({ redirect_uris: ['https://${HOST}/callback'], client_name: '${HOST} for all' }),
    );
    assert.deepEqual(client?.metadata.redirect_uris, ['https://portal.example.ee/callback']);
    assert.equal(client.metadata.client_name, 'portal.example.ee for all');
  });

  it('refers to variables without the spaces around their values', async () => {
    const [client] = await read(portal({ client_secret: '${COPIED}' }));
    assert.equal(client?.metadata.client_secret, SECRET);
  });

  it('repeats what has an anchor by its alias', async () => {
    const shop = portal({ client_id: 'shop' }).replace('clients:\n', '');
    const text = (portal() + shop)
      .replace('["https://portal.example.ee/callback"]', '&uris ["https://portal.example.ee/callback"]')
      .replace('redirect_uris: ["https', 'redirect_uris: *uris # ["https');
    const [one, two] = await read(text);
    assert.equal(two?.metadata.client_id, 'shop');
    assert.deepEqual(two.metadata.redirect_uris, one?.metadata.redirect_uris);
  });

  it('refers to files beside it', async () => {
    const [client] = await read(
      portal({
        client_secret: null,
        client_secret_file: 'secret',
        logo_file: 'logo.svg',
        logo_dark_file: 'logo.svg',
      }),
    );
    assert.equal(client?.metadata.client_secret, SECRET);
    assert.match(client.metadata.logo ?? '', /^data:image\/svg\+xml;base64,/);
    assert.equal(client.metadata.logo_dark, client.metadata.logo);
    assert.ok(!('logo_dark_file' in client.metadata));
    assert.ok(!('logo_file' in client.metadata) && !('client_secret_file' in client.metadata));
  });

  it('refers to files for the logos of services too', async () => {
    const services = [
      { id: 'library', name: 'Library', logo_file: 'logo.svg', logo_dark_file: 'logo.svg' },
      { id: 'museum', name: 'Museum' },
    ];
    const [client] = await read(portal({ services }));
    const logo = `data:image/svg+xml;base64,${Buffer.from(LOGO).toString('base64')}`;
    assert.deepEqual(client?.metadata.services, [
      { id: 'library', name: 'Library', logo, logo_dark: logo },
      { id: 'museum', name: 'Museum' },
    ]);
  });

  it('has hashes for secrets, two while they change', async () => {
    const secretOf = async (client_secret_sha256: unknown) =>
      (await read(portal({ client_secret: null, client_secret_sha256 })))[0]?.metadata.client_secret;
    assert.equal(await secretOf(HASH.toUpperCase()), `sha256:${HASH}`);
    assert.equal(await secretOf([HASH, HASH.replaceAll('a', 'c')]), `sha256:${HASH}+${'cb'.repeat(32)}`);
  });

  it('may have clients without a secret', async () => {
    const [client] = await read(portal({ client_secret: null, token_endpoint_auth_method: 'none' }));
    assert.ok(client && client.metadata.client_secret === undefined);
  });

  it('may have clients of the profile fapi2, which need neither a secret nor a method', async () => {
    const bank = { client_secret: null, profile: 'fapi2', jwks_uri: 'https://bank.example.ee/jwks' };
    const [client] = await read(portal(bank));
    assert.equal(client?.metadata.token_endpoint_auth_method, 'private_key_jwt');
    assert.match(
      (await problemsOf(portal({ ...bank, client_secret: '${PORTAL_SECRET}' }))).join(),
      /:4: a client with token_endpoint_auth_method private_key_jwt has no secret$/,
    );
  });

  it('may be a directory of files, read in the order of their names', async () => {
    const files = join(directory, 'clients.d');
    await mkdir(files);
    await writeFile(join(files, 'b.yml'), portal({ client_id: 'b' }));
    await writeFile(join(files, 'a.json'), JSON.stringify({ clients: [] }));
    await writeFile(join(files, 'c.yaml'), portal({ client_id: 'c' }));
    for (const other of ['README.md', '.hidden.yaml', 'c.yaml~']) await writeFile(join(files, other), ': {');
    const ids = () => readClients(files, ENVIRONMENT).map(({ metadata }) => metadata.client_id);
    assert.deepEqual(ids(), ['b', 'c']);
    await writeFile(join(files, 'd.yaml'), portal({ client_id: 'b' }));
    assert.throws(ids, /^ClientsFileError: d\.yaml:3: client b is described at b\.yml:3 already$/);
  });

  for (const [title, text, expected] of [
    ['no YAML', 'clients:\n  - client_id: "x', /^clients\.yaml:2: Missing closing "quote$/],
    [
      'a member twice',
      portal().replace('    client_secret', '    client_id: "b"\n    client_secret'),
      /^clients\.yaml:4: Map keys must be unique$/,
    ],
    ['no mapping', '- a', /^clients\.yaml:1: a file has one member, clients/],
    ['nothing', '', /^clients\.yaml:1: a file has one member, clients/],
    [
      'another member',
      `${portal()}\nclient: 1`,
      /^clients\.yaml:7: client is unknown: a file has one member/,
    ],
    ['no list', 'clients: portal', /^clients\.yaml:1: a file has one member, clients, with a list/],
    ['a client that is none', `${portal()}  - portal\n`, /^clients\.yaml:6: a client is a mapping/],
    ['a client without an ID', portal({ client_id: null }), /^clients\.yaml:3: client_id is missing$/],
    [
      'an invalid member',
      portal({ accent_color: 'teal' }),
      /^clients\.yaml:6: accent_color must be a colour/,
    ],
    [
      'an invalid item',
      portal({ redirect_uris: ['https://a.example/', 'https:b'] }),
      /^clients\.yaml:5: redirect_uris\[1\] "https:b"/,
    ],
    [
      'an unknown member',
      portal({ redirect_uri: 'https://a.example/' }),
      /^clients\.yaml:6: redirect_uri is unknown\. Known are: client_id, .*client_name#LANGUAGE, .*logo_file/,
    ],
    [
      'a member of Sild’s own',
      portal({ managed_by: 'clients_file' }),
      /^clients\.yaml:6: managed_by is unknown/,
    ],
    ['no secret', portal({ client_secret: null }), /^clients\.yaml:3: a secret is missing/],
    [
      'a secret in it',
      portal({ client_secret: SECRET }),
      /^clients\.yaml:4: client_secret is not written into the file/,
    ],
    [
      'a secret in part',
      portal({ client_secret: 'x${PORTAL_SECRET}' }),
      /^clients\.yaml:4: client_secret is not written into the file/,
    ],
    [
      'two secrets',
      portal({ client_secret_sha256: HASH }),
      /^clients\.yaml:6: client_secret and client_secret_sha256 contradict/,
    ],
    [
      'a secret of a public client',
      portal({ token_endpoint_auth_method: 'none' }),
      /^clients\.yaml:4: a client with .* none has no secret$/,
    ],
    [
      'a variable that is missing',
      portal({ client_secret: '${NONE}' }),
      /^clients\.yaml:4: the environment has no NONE$/,
    ],
    [
      'a variable that is empty',
      portal({ client_name: '${EMPTY}' }),
      /^clients\.yaml:6: the environment has no EMPTY\n/,
    ],
    [
      'a variable of spaces alone',
      portal({ client_secret: '${SPACES}' }),
      /^clients\.yaml:4: the environment has no SPACES$/,
    ],
    [
      'a secret that nobody made at random',
      portal({ client_secret: '${REPEATED}' }),
      /^clients\.yaml:4: the secret of client_secret must be made at random/,
    ],
    [
      'an alias of nothing',
      portal().replace('"portal"', '*nothing'),
      /^clients\.yaml:3: Unresolved alias .*: nothing$/,
    ],
    [
      'a secret that is short',
      portal({ client_secret: '${SHORT}' }),
      /^clients\.yaml:4: the secret of client_secret must have at least 16 characters$/,
    ],
    [
      'a secret that looks like a stored hash',
      portal({ client_secret: '${HASHED}' }),
      /^clients\.yaml:4: the secret of client_secret must not begin with sha256:$/,
    ],
    [
      'a file that is missing',
      portal({ client_secret: null, client_secret_file: 'none' }),
      /^clients\.yaml:5: client_secret_file cannot be read: none \(no such file/,
    ],
    ['a logo that is none', portal({ logo_file: 'secret' }), /^clients\.yaml:\d: logo logo: /],
    [
      'a logo twice',
      portal({ logo: 'data:', logo_file: 'logo.svg' }),
      /^clients\.yaml:7: logo and logo_file contradict each other/,
    ],
    [
      'a logo of a service that is missing',
      portal({ services: [{ id: 'a', name: 'A', logo_file: 'none.svg' }] }),
      /^clients\.yaml:6: logo_file cannot be read: none\.svg \(no such file/,
    ],
    [
      'an unknown member of a service',
      portal({ services: [{ id: 'a', name: 'A', logofile: 'logo.svg' }] }),
      /^clients\.yaml:6: services\[0\]\.logofile is unknown\. See docs/,
    ],
    [
      'a value of another kind',
      portal({ require_pkce: 'yes' }),
      /^clients\.yaml:6: require_pkce must be true or false$/,
    ],
    ['services that are no list', portal({ services: { logo_file: 1 } }), /^clients\.yaml:6: services /],
    ['a service that is none', portal({ services: ['library'] }), /^clients\.yaml:6: services\[0\] /],
    [
      'a hash that is none',
      portal({ client_secret: null, client_secret_sha256: 'abc' }),
      /^clients\.yaml:5: client_secret_sha256 must have 64/,
    ],
    [
      'three hashes',
      portal({ client_secret: null, client_secret_sha256: [HASH, HASH, HASH] }),
      /^clients\.yaml:5: client_secret_sha256 must have 64/,
    ],
  ] as const) {
    it(`is refused with ${title}`, async () => {
      const problems = await problemsOf(text);
      assert.match(problems.join('\n'), expected);
      assert.ok(!problems.join().includes(SECRET), 'no secret is quoted');
    });
  }

  it('is refused with every problem, in the order of the lines', async () => {
    const second = portal({ client_id: 'shop', colour: 'red' }).replace('clients:\n', '');
    const problems = await problemsOf(portal({ client_name: 5 }) + second);
    assert.deepEqual(
      problems.map((problem) => problem.split(' ').slice(0, 2).join(' ')),
      ['clients.yaml:6: client_name', 'clients.yaml:11: colour'],
    );
  });

  it('is refused when it is a directory without a file: what it describes is missing, not gone', async () => {
    const files = join(directory, 'empty.d');
    await mkdir(files);
    assert.throws(() => readClients(files, {}), /^ClientsFileError: .*empty\.d has no \.yaml, /);
  });

  it('is refused when it cannot be read', () => {
    assert.throws(
      () => readClients(join(directory, 'none.yaml'), {}),
      /none\.yaml cannot be read \(no such file/,
    );
  });
});
