import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { trustCommand } from '../../src/commands/trust.ts';
import { UsageError } from '../../src/commands/usage.ts';
import { createDispatcher } from '../../src/http/dispatcher.ts';
import type { TrustSettings } from '../../src/trust/settings.ts';
import { openTrust } from '../../src/trust/trust.ts';
import { days } from '../support/certificates/certificates.ts';
import {
  demo,
  fingerprintOf,
  foreign,
  known,
  knownAs,
  live,
  now,
  pem,
  trustSettingsOf,
} from '../trust/smart-id-of-tests.ts';

async function run(settings: TrustSettings, args: readonly string[], at = now) {
  const lines: string[] = [];
  const dispatcher = createDispatcher();
  const status = await trustCommand(args)(settings, {
    dispatcher,
    now: at,
    print: (line) => lines.push(line),
  });
  await dispatcher.close();
  return { status, lines, text: lines.join('\n') };
}

async function filed(settings: TrustSettings, name: string, content: string | Buffer): Promise<string> {
  const path = join(settings.directory, name);
  await writeFile(path, content);
  return path;
}

/** The CAs that Sild would trust. */
async function namesIn(settings: TrustSettings): Promise<string[]> {
  return (await openTrust(settings, now)).authorities.map(({ name }) => name).toSorted();
}

type Files = Readonly<Record<string, string | Buffer | ((response: ServerResponse) => void)>>;

/** A server like SK's certificate pages; records the requests. */
async function publishing(test: TestContext, files: Files) {
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const file = files[path.slice(1)];
    if (typeof file === 'function') file(response);
    else if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200).end(file);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { at: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

describe('sild trust list', () => {
  it('shows each CA with its fingerprint, kind, validity, environment and file', async (test) => {
    const settings = await trustSettingsOf(test, { extra: [fingerprintOf(foreign.root)] });
    const path = await filed(settings, 'ca.pem', pem(live.issuing) + pem(foreign.root));
    const { status, lines } = await run(settings, ['list']);
    assert.equal(status, 0);
    assert.deepEqual(
      lines
        .map((line) => line.split('\t'))
        .map(([name, print, kind, , by, file]) => [name, print, kind, by, file]),
      [
        ['Sild test EID-Q', fingerprintOf(live.issuing), 'issuing', 'live', path],
        ['Sild test ROOT', fingerprintOf(foreign.root), 'root', 'extra', path],
      ],
    );
    assert.match(lines[0] ?? '', /\t\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d\t/);
  });

  it('shows refused files, and fails', async (test) => {
    const settings = await trustSettingsOf(test);
    await filed(settings, 'ca.pem', pem(live.issuing));
    await filed(settings, 'other.pem', pem(foreign.issuing));
    const { status, text } = await run(settings, ['list']);
    assert.equal(status, 1);
    assert.match(text, new RegExp(`^problem\t.*other\\.pem.*${fingerprintOf(foreign.issuing)}`, 'm'));
  });
});

describe('sild trust check', () => {
  it('reports the validity of each CA, and missing CAs', async (test) => {
    const settings = await trustSettingsOf(test);
    await filed(settings, 'ca.pem', pem(live.issuing));
    const { status, text } = await run(settings, ['check']);
    assert.equal(status, 0);
    assert.match(text, /^ok {7}Sild test EID-Q: valid until \d{4}-\d\d-\d\d$/m);
    assert.match(text, /^missing {2}Sild test EID-NQ: nobody with its certificates can log in/m);
    assert.match(text, /^missing {2}Sild test ROOT: a root, not needed/m);
    assert.match(text, /would start\.$/);
  });

  it('warns of a CA that expires soon', async (test) => {
    const settings = await trustSettingsOf(test);
    await filed(settings, 'ca.pem', pem(live.issuing));
    const { authorities } = await openTrust(settings, now);
    const notAfter = authorities[0]?.certificate.notAfter ?? now;
    const { status, text } = await run(settings, ['check'], days(notAfter, -20));
    assert.equal(status, 0);
    assert.match(text, /^warning {2}Sild test EID-Q: valid until .*, 20 days$/m);
  });

  it('fails when Sild would not start', async (test) => {
    const settings = await trustSettingsOf(test);
    const { status, text } = await run(settings, ['check']);
    assert.equal(status, 1);
    assert.match(text, /^problem {2}/m);
    await filed(settings, 'ca.pem', pem(live.issuing));
    const { authorities } = await openTrust(settings, now);
    const late = await run(settings, ['check'], days(authorities[0]?.certificate.notAfter ?? now, 1));
    assert.equal(late.status, 1);
    assert.match(late.text, /has expired/);
  });
});

describe('sild trust add', () => {
  it('stores a known CA once, readable by everyone, in a directory that it creates', async (test) => {
    const settings = await trustSettingsOf(test);
    const file = await filed(settings, 'download', live.issuing.certificate);
    const made = { ...settings, directory: join(settings.directory, 'below', 'trust') };
    const first = await run(made, ['add', file]);
    assert.equal(first.status, 0, first.text);
    const names = await readdir(made.directory);
    assert.deepEqual(names, [`Sild-test-EID-Q-${fingerprintOf(live.issuing).slice(0, 8)}.pem`]);
    assert.match(
      await readFile(join(made.directory, names[0] ?? ''), 'utf8'),
      /^Sild test EID-Q\n-----BEGIN/,
    );
    assert.equal((await openTrust(made, now)).authorities.length, 1);

    const again = await run(made, ['add', file]);
    assert.equal(again.status, 0);
    assert.match(again.text, /before/);
    assert.equal((await readdir(made.directory)).length, 1);
  });

  it('stores the known CAs of a file, and reports the others', async (test) => {
    const settings = await trustSettingsOf(test);
    const source = await trustSettingsOf(test);
    const mixed = await filed(source, 'mixed.pem', pem(live.issuing) + pem(foreign.issuing));
    const { status, text } = await run(settings, ['add', mixed]);
    assert.equal(status, 1);
    assert.match(text, new RegExp(`mixed\\.pem.*${fingerprintOf(foreign.issuing)}.*TRUST_EXTRA_SHA256`));
    assert.deepEqual(await namesIn(settings), ['Sild test EID-Q']);
  });

  it('omits the root that SK publishes beside an issuing CA, unless asked for it', async (test) => {
    const settings = await trustSettingsOf(test);
    const file = await filed(await trustSettingsOf(test), 'ca.pem', pem(live.issuing) + pem(live.root));
    const added = await run(settings, ['add', file]);
    assert.equal(added.status, 0, added.text);
    assert.match(added.text, /^Left out Sild test ROOT: .*--roots/m);
    assert.deepEqual(await namesIn(settings), ['Sild test EID-Q']);
    assert.equal((await run(settings, ['add', file, '--roots'])).status, 0);
    assert.deepEqual(await namesIn(settings), ['Sild test EID-Q', 'Sild test ROOT']);
    const alone = await filed(await trustSettingsOf(test), 'root.pem', pem(demo.root));
    assert.equal((await run({ ...settings, environment: 'demo' }, ['add', alone])).status, 1);
  });

  it('refuses a demo CA for live, and a file without a certificate', async (test) => {
    const settings = await trustSettingsOf(test);
    const source = await trustSettingsOf(test);
    for (const content of [pem(demo.issuing), 'nothing']) {
      const { status } = await run(settings, ['add', await filed(source, 'ca.pem', content)]);
      assert.equal(status, 1);
    }
    assert.equal((await run(settings, ['add', join(source.directory, 'nowhere')])).status, 1);
    assert.deepEqual(await readdir(settings.directory), []);
  });

  it('reports that the directory cannot be written', async (test) => {
    const settings = await trustSettingsOf(test);
    const file = await filed(settings, 'ca', live.issuing.certificate);
    await assert.rejects(run({ ...settings, directory: join(file, 'trust') }, ['add', file]), {
      name: 'CertificateFileError',
      message: /TRUST_DIR.*ENOTDIR/,
    });
  });
});

describe('sild trust fetch', () => {
  it('downloads missing issuing CAs from the first address that has them', async (test) => {
    const { at, asked } = await publishing(test, {
      q: live.issuing.certificate,
      nq: pem(live.nonQualifiedIssuing),
      root: live.root.certificate,
    });
    const settings = await trustSettingsOf(test, {
      known: {
        ...known,
        live: [
          knownAs(live.issuing, 'issuing', [`${at}gone`, `${at}q`, `${at}never`]),
          knownAs(live.nonQualifiedIssuing, 'issuing', [`${at}nq`]),
          knownAs(live.root, 'root', [`${at}root`]),
        ],
      },
    });
    await rm(settings.directory, { recursive: true });
    const { status, text } = await run(settings, ['fetch']);
    assert.equal(status, 0, text);
    assert.deepEqual(asked, ['/gone', '/q', '/nq']);
    assert.match(text, /gone: HTTP 404/);
    assert.equal((await openTrust(settings, now)).authorities.length, 2);

    const roots = await run(settings, ['fetch', '--roots']);
    assert.deepEqual([roots.status, asked.slice(3)], [0, ['/root']]);
    const again = await run(settings, ['fetch', '--roots']);
    assert.deepEqual([again.status, asked.length, again.text], [0, 4, 'Nothing is missing.']);
  });

  it('stores nothing if the server sends an unknown certificate, another answer or none', async (test) => {
    const endless = (response: ServerResponse) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384)));
      };
      response.on('drain', more);
      more();
    };
    const { at } = await publishing(test, {
      foreign: foreign.issuing.certificate,
      demo: demo.issuing.certificate,
      page: '<html>Moved</html>',
      moved: (response) => response.writeHead(302, { location: '/good' }).end(),
      good: live.issuing.certificate,
      endless,
      broken: (response) => response.destroy(),
    });
    const names = ['foreign', 'demo', 'page', 'moved', 'endless', 'broken', 'gone'];
    const settings = await trustSettingsOf(test, {
      known: {
        ...known,
        live: [
          knownAs(
            live.issuing,
            'issuing',
            names.map((name) => at + name),
          ),
        ],
      },
    });
    const { status, text } = await run(settings, ['fetch']);
    assert.equal(status, 1);
    assert.deepEqual(await readdir(settings.directory), []);
    for (const reason of [
      /foreign: .*not a CA that this release knows/,
      /demo: .*demo service/,
      /page: \w+/,
      /moved: redirects \(HTTP 302\)/,
      /endless: larger than 128 KiB/,
      /broken: cannot be reached/,
      /gone: HTTP 404/,
      /^Missing Sild test EID-Q: .*sild trust add/m,
    ])
      assert.match(text, reason);
  });

  it('downloads from other addresses, and stores known or named CAs', async (test) => {
    const { at, asked } = await publishing(test, {
      a: pem(live.issuing) + pem(live.root),
      b: foreign.issuing.certificate,
    });
    const settings = await trustSettingsOf(test, { extra: [fingerprintOf(foreign.issuing)] });
    const both = ['fetch', '--roots', '--from', `${at}a`, '--from', `${at}b`];
    assert.equal((await run(settings, both)).status, 0);
    assert.deepEqual(asked, ['/a', '/b']);
    assert.equal((await openTrust(settings, now)).authorities.length, 3);
    assert.equal((await run({ ...settings, extra: [] }, ['fetch', '--from', `${at}b`])).status, 1);
  });

  it('finds the CA it needs in a file with several', async (test) => {
    const { at } = await publishing(test, {
      bundle: pem(live.root) + pem(foreign.root) + pem(live.issuing),
    });
    const settings = await trustSettingsOf(test, {
      known: {
        ...known,
        live: [knownAs(live.issuing, 'issuing', [`${at}bundle`]), knownAs(live.root, 'root')],
      },
    });
    const { status, text } = await run(settings, ['fetch']);
    assert.equal(status, 0, text);
    assert.deepEqual(await namesIn(settings), ['Sild test EID-Q']);
    assert.match(text, /bundle: .*not a CA that this release knows/);
    assert.doesNotMatch(text, /Left out/);
  });

  it('has nothing to fetch for the simulator', async (test) => {
    const settings = await trustSettingsOf(test, { environment: 'simulator' });
    const { status, text } = await run(settings, ['fetch']);
    assert.equal(status, 1);
    assert.match(text, /SMARTID_ENVIRONMENT/);
  });
});

describe('sild trust add', () => {
  it('reports that a file has no certificate', async (test) => {
    const settings = await trustSettingsOf(test);
    const file = await filed(settings, 'README.md', '# Sild');
    const { status, text } = await run(settings, ['add', file]);
    assert.equal(status, 1);
    assert.equal(text, `Refused ${file}: is no certificate (PEM or DER).`);
  });
});

describe('sild trust', () => {
  it('refuses any other command', () => {
    for (const args of [[], ['remove'], ['add'], ['add', 'a', 'b']]) {
      assert.throws(() => trustCommand(args), UsageError);
    }
    assert.throws(() => trustCommand(['fetch', '--force']), { code: 'ERR_PARSE_ARGS_UNKNOWN_OPTION' });
  });
});
