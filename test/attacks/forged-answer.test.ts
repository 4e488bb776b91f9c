/**
 * A malicious Smart-ID service, or an attacker in its place, returns a response that was signed by a real account but does
 * not belong to the request. `test/support/defects/` has the catalogue of malformed and wrongly signed responses.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createLogger } from '../../src/log/logger.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { en } from '../../src/web/messages/en.ts';
import { AUTOMATED, startLogin, logInByPush, loggedInName } from '../support/attack-actors.ts';
import {
  type Creation,
  type HostileSmartId,
  type Json,
  type Tampering,
  type Reply,
  startHostileSmartId,
} from '../support/servers/hostile-smart-id.ts';
import { startWholeSild, type WholeSild } from '../support/whole-sild.ts';

const ANOTHER_PERSON = 'PNOEE-40504040001';
const BASIC_ACCOUNT = { country: 'LT', personal_code: '49912318881' };

let hostile: HostileSmartId;
let sild: WholeSild;
/** A Smart-ID service with its own CA. */
let impostor: Simulator;
/** Earlier responses, oldest first. */
const given: Reply[] = [];

before(async () => {
  hostile = await startHostileSmartId();
  sild = await startWholeSild({
    SMARTID_BASE_URL: hostile.baseUrl,
    SIMULATOR_ALLOWS_ADVANCED: 'true',
    RATE_PUSH: '0s',
  });
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
  hostile.tampering = {};
});
after(async () => {
  await sild.stop();
  await impostor.close();
  hostile.close();
});

describe('a response of Smart-ID', () => {
  it('logs in the requested person if it is forwarded unchanged', async () => {
    hostile.tampering = {
      async poll(sessionId, forward) {
        const reply = await forward(sessionId);
        if (reply.body.state === 'COMPLETE') given.push(reply);
        return reply;
      },
    };
    assert.equal(await attempt(), 'QUALIFIED OK1');
    assert.equal(given.length, 1);
  });

  refuses('that belongs to an earlier login of the same person', () => ({
    poll: async () => given[0] ?? fail(),
  }));

  refuses('that belongs to a simultaneous login of the same person', () => {
    let other = '';
    return {
      async create(creation, forward) {
        const challenge = Buffer.alloc(64, 7).toString('base64');
        other = sessionOf(await forward(withChallenge(creation, challenge)));
        return forward(creation);
      },
      poll: (_sessionId, forward) => forward(other),
    };
  });

  refuses('signed by another person over the same challenge', () => ({
    create: (creation, forward) => forward({ ...creation, path: pathFor(ANOTHER_PERSON) }),
  }));

  refuses('signed by another person, with the document number of the requested person', () => ({
    create: (creation, forward) => forward({ ...creation, path: pathFor(ANOTHER_PERSON) }),
    poll: async (sessionId, forward) =>
      changed(await forward(sessionId), 'result', ({ endResult }) => ({
        endResult,
        documentNumber: 'PNOEE-39901012239-DEMO-Q',
      })),
  }));

  refuses('signed by another person, with the certificate of the requested person', () => {
    let cert: unknown;
    return {
      async create(creation, forward) {
        const genuine = await untilComplete(await forward(creation));
        cert = genuine.body.cert;
        return forward({ ...creation, path: pathFor(ANOTHER_PERSON) });
      },
      poll: async (sessionId, forward) => changed(await forward(sessionId), 'cert', () => cert as Json),
    };
  });

  refuses('to a request that showed another text', () => ({
    create: (creation, forward) =>
      forward({
        ...creation,
        body: {
          ...creation.body,
          interactions: Buffer.from(
            JSON.stringify([{ type: 'displayTextAndPIN', displayText60: 'Pick up your parcel' }]),
          ).toString('base64'),
        },
      }),
  }));

  refuses('of another service with its own CA', () => {
    hostile.target = impostor.baseUrl;
    return {};
  });

  refuses('with one changed bit in the signature', () => ({
    poll: async (sessionId, forward) =>
      changed(await forward(sessionId), 'signature', (signature) => {
        const bytes = Buffer.from(String(signature.value), 'base64');
        bytes[10] = (bytes[10] ?? 0) ^ 1;
        return { ...signature, value: bytes.toString('base64') };
      }),
  }));

  refuses('without a signature', () => ({
    poll: async (sessionId, forward) => {
      const { status, body } = await forward(sessionId);
      const { signature: _, ...rest } = body;
      return { status, body: rest };
    },
  }));

  refuses('with only the end result OK', () => ({
    poll: async () => ({
      status: 200,
      body: { state: 'COMPLETE', result: { endResult: 'OK', documentNumber: 'PNOEE-39901012239-DEMO-Q' } },
    }),
  }));

  it('is refused from a Basic account, even if it states the level QUALIFIED', async () => {
    for (const level of ['ADVANCED', 'QUALIFIED']) {
      hostile.tampering = {
        create: (creation, forward) =>
          forward({ ...creation, body: { ...creation.body, certificateLevel: 'ADVANCED' } }),
        poll: async (sessionId, forward) =>
          changed(await forward(sessionId), 'cert', (cert) => ({ ...cert, certificateLevel: level })),
      };
      assert.equal(await attempt(BASIC_ACCOUNT), undefined, level);
    }
  });

  function refuses(title: string, tampering: () => Tampering): void {
    it(`is refused: ${title}`, async () => {
      hostile.tampering = tampering();
      const before = sild.log.length;
      assert.equal(await attempt(), undefined);
      const failures = sild.log.slice(before).filter(({ event }) => event === 'login_failed');
      assert.equal(failures.length, 1);
      assert.match(String(failures[0]?.code), /^(response_refused|response_malformed|person_mismatch)$/);
    });
  }
});

/** Runs a login and returns the name of the person who is logged in at the end. */
async function attempt(fields = AUTOMATED): Promise<string | undefined> {
  const login = await startLogin(sild);
  const end = await logInByPush(login, fields);
  const name = await loggedInName(sild, login.browser);
  if (name === undefined) {
    assert.equal(end.url.origin, sild.issuer, 'the client gets no response');
    assert.ok(
      [en.outcomes.response_refused, en.outcomes.response_malformed, en.outcomes.person_mismatch].some(
        ({ heading }) => end.text.includes(heading),
      ),
      end.text,
    );
  }
  return name;
}

/** Replaces a member of a response. The response of a running session does not have it and stays unchanged. */
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

/** The response of a completed session in the simulated service. */
async function untilComplete(created: Reply): Promise<Reply> {
  const response = await fetch(`${hostile.target}session/${sessionOf(created)}?timeoutMs=10000`);
  return { status: response.status, body: (await response.json()) as Json };
}

function fail(): never {
  throw new Error('there is no earlier response');
}
