/**
 * Smart-ID itself lies, or somebody in its place: it answers with something that was really signed, by a real account, yet
 * is no answer to what was asked. What is malformed or wrongly signed has its catalogue in `test/support/defects/`.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createLogger } from '../../src/log/logger.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { en } from '../../src/web/messages/en.ts';
import { AUTOMATED, beginLogin, logInByPush, whoIsLoggedIn } from '../support/attack-actors.ts';
import {
  type Creation,
  type HostileSmartId,
  type Json,
  type Lies,
  type Reply,
  startHostileSmartId,
} from '../support/servers/hostile-smart-id.ts';
import { startWholeSild, type WholeSild } from '../support/whole-sild.ts';

const ANOTHER_PERSON = 'PNOEE-40504040001';
const BASIC_ACCOUNT = { country: 'LT', personal_code: '49912318881' };

let hostile: HostileSmartId;
let sild: WholeSild;
/** A Smart-ID service with a CA of its own. */
let impostor: Simulator;
/** Answers that were given before, oldest first. */
const given: Reply[] = [];

before(async () => {
  hostile = await startHostileSmartId();
  sild = await startWholeSild({ SMARTID_BASE_URL: hostile.baseUrl, RATE_PUSH: '0s' });
  hostile.target = sild.smartIdUrl;
  impostor = await startSimulator({
    port: 0,
    dataDir: undefined,
    answerDelayMs: 0,
    log: createLogger({ level: 'silent' }),
  });
});
beforeEach(() => {
  hostile.target = sild.smartIdUrl;
  hostile.lies = {};
});
after(async () => {
  await sild.stop();
  await impostor.close();
  hostile.close();
});

describe('an answer of Smart-ID', () => {
  it('logs in who was asked, when it is passed on as it is', async () => {
    hostile.lies = {
      async look(sessionId, pass) {
        const reply = await pass(sessionId);
        if (reply.body.state === 'COMPLETE') given.push(reply);
        return reply;
      },
    };
    assert.equal(await attempt(), 'QUALIFIED OK1');
    assert.equal(given.length, 1);
  });

  refuses('that was given before, to the same person’s login', () => ({
    look: async () => given[0] ?? fail(),
  }));

  refuses('to another login of the same person at the same time', () => {
    let other = '';
    return {
      async create(creation, pass) {
        const challenge = Buffer.alloc(64, 7).toString('base64');
        other = sessionOf(await pass(withChallenge(creation, challenge)));
        return pass(creation);
      },
      look: (_sessionId, pass) => pass(other),
    };
  });

  refuses('by another person, to the very challenge', () => ({
    create: (creation, pass) => pass({ ...creation, path: pathFor(ANOTHER_PERSON) }),
  }));

  refuses('by another person, under the document number of the one who was asked', () => ({
    create: (creation, pass) => pass({ ...creation, path: pathFor(ANOTHER_PERSON) }),
    look: async (sessionId, pass) =>
      changed(await pass(sessionId), 'result', ({ endResult }) => ({
        endResult,
        documentNumber: 'PNOEE-39901012239-DEMO-Q',
      })),
  }));

  refuses('with the certificate of the one who was asked, signed by another person', () => {
    let cert: unknown;
    return {
      async create(creation, pass) {
        const genuine = await untilComplete(await pass(creation));
        cert = genuine.body.cert;
        return pass({ ...creation, path: pathFor(ANOTHER_PERSON) });
      },
      look: async (sessionId, pass) => changed(await pass(sessionId), 'cert', () => cert as Json),
    };
  });

  refuses('to a request that showed the person another text', () => ({
    create: (creation, pass) =>
      pass({
        ...creation,
        body: {
          ...creation.body,
          interactions: Buffer.from(
            JSON.stringify([{ type: 'displayTextAndPIN', displayText60: 'Pick up your parcel' }]),
          ).toString('base64'),
        },
      }),
  }));

  refuses('of a service with certificates of its own', () => {
    hostile.target = impostor.baseUrl;
    return {};
  });

  refuses('with one bit of its signature changed', () => ({
    look: async (sessionId, pass) =>
      changed(await pass(sessionId), 'signature', (signature) => {
        const bytes = Buffer.from(String(signature.value), 'base64');
        bytes[10] = (bytes[10] ?? 0) ^ 1;
        return { ...signature, value: bytes.toString('base64') };
      }),
  }));

  refuses('without a signature', () => ({
    look: async (sessionId, pass) => {
      const { status, body } = await pass(sessionId);
      const { signature: _, ...rest } = body;
      return { status, body: rest };
    },
  }));

  refuses('that is nothing but OK', () => ({
    look: async () => ({
      status: 200,
      body: { state: 'COMPLETE', result: { endResult: 'OK', documentNumber: 'PNOEE-39901012239-DEMO-Q' } },
    }),
  }));

  it('is refused of a Basic account, which was asked for though it is not good enough, whatever it says of its level', async () => {
    for (const level of ['ADVANCED', 'QUALIFIED']) {
      hostile.lies = {
        create: (creation, pass) =>
          pass({ ...creation, body: { ...creation.body, certificateLevel: 'ADVANCED' } }),
        look: async (sessionId, pass) =>
          changed(await pass(sessionId), 'cert', (cert) => ({ ...cert, certificateLevel: level })),
      };
      assert.equal(await attempt(BASIC_ACCOUNT), undefined, level);
    }
  });

  function refuses(title: string, lies: () => Lies): void {
    it(`is refused ${title}`, async () => {
      hostile.lies = lies();
      const before = sild.log.length;
      assert.equal(await attempt(), undefined);
      const failures = sild.log.slice(before).filter(({ event }) => event === 'login_failed');
      assert.equal(failures.length, 1);
      assert.match(String(failures[0]?.code), /^(response_refused|response_malformed|person_mismatch)$/);
    });
  }
});

/** A login as the person asks for it. Answers who is logged in in the end. */
async function attempt(fields = AUTOMATED): Promise<string | undefined> {
  const login = await beginLogin(sild);
  const end = await logInByPush(login, fields);
  const name = await whoIsLoggedIn(sild, login.browser);
  if (name === undefined) {
    assert.equal(end.url.origin, sild.issuer, 'the client hears of nothing');
    assert.ok(
      [en.outcomes.response_refused, en.outcomes.response_malformed, en.outcomes.person_mismatch].some(
        ({ heading }) => end.text.includes(heading),
      ),
      end.text,
    );
  }
  return name;
}

/** One member of an answer in another form; of a session that runs there is none to change. */
function changed({ status, body }: Reply, name: string, change: (member: Json) => Json): Reply {
  const member = body[name];
  if (typeof member !== 'object' || member === null) return { status, body };
  return { status, body: { ...body, [name]: change(member as Json) } };
}

function withChallenge({ path, body }: Creation, rpChallenge: string): Creation {
  const parameters = body.signatureProtocolParameters as Json;
  return { path, body: { ...body, signatureProtocolParameters: { ...parameters, rpChallenge } } };
}

function pathFor(identifier: string): string {
  return `authentication/notification/etsi/${identifier}`;
}

function sessionOf({ body }: Reply): string {
  return String(body.sessionID);
}

/** The answer of a session in the simulated service. */
async function untilComplete(created: Reply): Promise<Reply> {
  const response = await fetch(`${hostile.target}session/${sessionOf(created)}?timeoutMs=10000`);
  return { status: response.status, body: (await response.json()) as Json };
}

function fail(): never {
  throw new Error('no answer was given before');
}
