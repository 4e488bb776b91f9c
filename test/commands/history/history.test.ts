import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { UsageError } from '../../../src/commands/usage.ts';
import { EVENTS } from '../../../src/story/explanations.ts';
import { newReference, referenceOf } from '../../../src/reference.ts';
import { BEGINNING, type Audited, OTHER, PERSON, recordLogin, startAudited } from './audited.ts';

let audited: Audited;
let refusedRequest: string;
before(async () => {
  audited = await startAudited();
  await recordLogin(audited, 'first', BEGINNING, 'finished');
  await recordLogin(
    audited,
    'refused',
    BEGINNING + 60_000,
    { code: 'wrong_verification_code', detail: 'WRONG_VC' },
    { flow: 'notification' },
  );
  await recordLogin(audited, 'of another', BEGINNING + 120_000, 'finished', { person: OTHER });
  await audited.changeKey();
  await recordLogin(audited, 'after the key', BEGINNING + 180_000, 'finished', { client: 'shop' });
  await recordLogin(audited, 'nobody', BEGINNING + 200_000, 'open');
  refusedRequest = await audited.record(BEGINNING + 240_000, {
    event: 'push_refused',
    code: 'browser_not_known',
    client: 'shop',
    person: PERSON,
    address: '192.0.2.7',
  });
});
after(() => audited.stop());

describe('sild audit show', () => {
  it('tells a login that succeeded, step by step', async () => {
    const { status, lines, errors } = await audited.run('show', referenceOf('first'));
    assert.deepEqual([status, errors], [0, []]);
    const text = lines.join('\n');
    assert.match(text, new RegExp(`^Reference  ${referenceOf('first')}$`, 'm'));
    assert.match(text, /^Client +portal$/m);
    assert.match(text, /^ +9\.0 s {2}The answer was verified\.$/m);
    assert.match(text, /the client has its tokens/);
    assert.equal(lines.filter((line) => / s {2}/.test(line)).length, 6);
    assert.doesNotMatch(text, /40504040001|192\.0\.2/);
  });

  it('tells why a login failed, what it means and what to do, for a reference in any writing', async () => {
    const typed = referenceOf('refused').toLowerCase().replace('-', ' ');
    const text = (await audited.run('show', typed)).lines.join('\n');
    assert.match(text, /The login failed: code wrong_verification_code, detail WRONG_VC\./);
    assert.match(text, /^What it means: {2}The person chose another code/m);
    assert.match(text, /^What to do: {5}Ask whether/m);
  });

  it('tells a refused request by the reference of its page, and the whole login of a request that is part of one', async () => {
    const refused = (await audited.run('show', refusedRequest)).lines.join('\n');
    assert.match(refused, /notification policy: code browser_not_known/);
    assert.match(refused, /^What to do: +The person logs in with the QR code/m);
    const { lines } = await audited.run('show', referenceOf('first'), '--json');
    const { stories } = JSON.parse(lines.join('')) as {
      stories: { events: { data: { request: string } }[] }[];
    };
    const request = stories[0]?.events[2]?.data.request ?? '';
    assert.match(
      (await audited.run('show', request)).lines.join('\n'),
      new RegExp(`^Reference  ${referenceOf('first')}$`, 'm'),
    );
  });

  it('says that nothing has a reference, and that one is mistyped', async () => {
    const { status, errors } = await audited.run('show', newReference());
    assert.equal(status, 1);
    assert.match(errors.join(), /^The audit has nothing/);
    await assert.rejects(async () => audited.run('show', 'K7Q4-M2X0'), UsageError);
    await assert.rejects(async () => audited.run('show'), UsageError);
  });

  it('has no sentence without an end', () => {
    for (const sentence of Object.values(EVENTS)) assert.doesNotMatch(sentence, /[.:]$/);
  });
});

describe('sild audit person', () => {
  it('lists the logins of a person, a line each, under former keys too, the newest first', async () => {
    const { status, lines } = await audited.run('person', PERSON);
    assert.equal(status, 0);
    const [heading = '', ...rows] = lines;
    assert.match(heading, /^Begun \(UTC\) +Client +Flow +Browser +Outcome +Seconds +Reference$/);
    assert.deepEqual(
      rows.slice(0, -1).map((row) => row.split(/ {2,}/)),
      [
        ['2031-04-05 08:04:00', 'shop', 'notification', 'browser_not_known', refusedRequest],
        [
          '2031-04-05 08:03:00',
          'shop',
          'qr',
          'Firefox, Windows',
          'finished',
          '9.5',
          referenceOf('after the key'),
        ],
        [
          '2031-04-05 08:01:00',
          'portal',
          'notification',
          'Firefox, Windows',
          'wrong_verification_code',
          '5.0',
          referenceOf('refused'),
        ],
        ['2031-04-05 08:00:00', 'portal', 'qr', 'Firefox, Windows', 'finished', '9.5', referenceOf('first')],
      ].map((row) => row.map(String)),
    );
  });

  it('answers in JSON', async () => {
    const { lines } = await audited.run('person', PERSON, '--json');
    const { logins } = JSON.parse(lines.join('')) as { logins: Record<string, unknown>[] };
    assert.deepEqual(
      logins.map(({ attempt, outcome }) => [attempt, outcome]),
      [
        [undefined, 'failed'],
        ['after the key', 'finished'],
        ['refused', 'failed'],
        ['first', 'finished'],
      ],
    );
  });

  it('finds nothing of an unknown person, and refuses an invalid identifier', async () => {
    assert.deepEqual((await audited.run('person', 'PNOLV-030303-10004')).lines, [
      'The audit has nothing of this person.',
    ]);
    await assert.rejects(async () => audited.run('person', '40504040001'), UsageError);
    await assert.rejects(async () => audited.run('person'), UsageError);
  });
});
