import assert from 'node:assert/strict';
import fs from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { loadPages } from '../../../src/web/pages/load-pages.ts';
import { en } from '../../../src/web/messages/en.ts';
import { ViewsError } from '../../../src/web/pages/rendering.ts';
import { headingOf, startWeb, textOf, UID } from '../web-under-test.ts';

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sild-views-'));
});
after(() => rm(directory, { recursive: true }));

let count = 0;
/** A directory of an operator's templates. */
async function views(templates: Readonly<Record<string, string>>): Promise<string> {
  const viewsDir = join(directory, String((count += 1)));
  await mkdir(viewsDir);
  for (const [name, text] of Object.entries(templates)) {
    await mkdir(dirname(join(viewsDir, name)), { recursive: true });
    await writeFile(join(viewsDir, name), text);
  }
  return viewsDir;
}

const startWith = (viewsDir: string) =>
  loadPages({
    issuer: 'https://login.example.ee',
    environment: 'live',
    defaultLanguage: 'en',
    viewsDir,
    secrets: createSecrets('of-no-other-use-than-in-these-tests'),
  });

describe('templates', () => {
  for (const [title, templates] of [
    ['ours', {}],
    [
      'an operator’s that extend ours',
      {
        'pages/qr.njk': '{% extends "sild/pages/qr.njk" %}',
        'layout.njk': '{% extends "sild/layout.njk" %}',
      },
    ],
  ] as const) {
    it(`${title} are compiled at the start: pages need no file descriptor`, async (test) => {
      const web = await startWeb({ viewsDir: await views(templates) });
      try {
        test.mock.method(fs, 'readFileSync', () => {
          throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
        });
        assert.equal(headingOf(await (await web.get('/nowhere')).text()), en.errors[404].heading);
        web.login.waitForLink();
        const html = await (await web.get(`/login/${UID}/wait?show=qr`)).text();
        assert.equal(headingOf(html), en.qr.heading);
      } finally {
        await web.close();
      }
    });
  }
});

describe('an operator’s templates', () => {
  it('replace ours, with the same data; the others stay', async () => {
    const viewsDir = await views({
      'pages/wait.njk':
        '{% extends "layout.njk" %}{% block content %}<h1>{{ service.name }}: {{ digits | join("") }}</h1>{% endblock %}',
    });
    const web = await startWeb({ viewsDir, client: { id: 'a', name: '<b>A</b>', uri: undefined } });
    try {
      web.login.wait();
      const html = await (await web.get(`/login/${UID}/wait`)).text();
      assert.equal(headingOf(html), '<b>A</b>: 7180');
      assert.ok(!html.includes('<b>A</b>'));
      assert.equal(headingOf(await (await web.get('/nowhere')).text()), en.errors[404].heading);
    } finally {
      await web.close();
    }
  });

  it('may extend the template that they replace', async () => {
    const viewsDir = await views({
      'layout.njk':
        '{% extends "sild/layout.njk" %}{% block footer %}{{ super() }}{% include "own/line.njk" %}{% endblock %}',
      'own/line.njk': '<p>Example Ltd</p>',
    });
    const web = await startWeb({ viewsDir });
    try {
      const text = textOf(await (await web.get('/nowhere')).text());
      assert.ok(text.includes(en.errors[404].heading));
      assert.ok(text.includes(en.layout.pinNotice));
      assert.ok(text.endsWith('Example Ltd'));
    } finally {
      await web.close();
    }
  });

  for (const [title, templates] of [
    ['a page that does not parse', { 'pages/wait.njk': '{% block content %}' }],
    ['a partial that does not parse', { 'own/deep/part.njk': '{{ name' }],
    [
      'a layout that names what there is not',
      { 'layout.njk': '<html lang="{{ t.language }}">{{ tt.title }}' },
    ],
    ['a layout that extends itself', { 'layout.njk': '{% extends "layout.njk" %}' }],
    ['a page that extends a missing template', { 'pages/notice.njk': '{% extends "lay-out.njk" %}' }],
  ] as const) {
    it(`prevent the start if they have ${title}`, async () => {
      const viewsDir = await views(templates);
      assert.throws(() => startWith(viewsDir), ViewsError);
    });
  }

  it('prevent the start if their directory is missing', () => {
    assert.throws(() => startWith(join(directory, 'nowhere')), {
      name: 'ViewsError',
      message: /cannot be read \(ENOENT\)$/,
    });
  });
});
