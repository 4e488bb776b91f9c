/** The phones of the model's people, by the simulator's control API. */
import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Person } from '../people.ts';

export interface Phones {
  add(person: Person): Promise<void>;
  /** Opens a device link. @returns the ID of its session; undefined where the app refuses the link */
  open(link: string, person: Person): Promise<string | undefined>;
  /** Answers. @returns how it ended, and where the app opens the browser; undefined where there is nothing to answer */
  answer(sessionId: string, answer: PhoneAnswer): Promise<Answered | undefined>;
}

export type PhoneAnswer = 'confirm' | 'refuse' | 'wrong_code';

export interface Answered {
  readonly endResult: string;
  readonly identifier: string | undefined;
  readonly returnTo: string | undefined;
}

const requestSchema = z.object({
  id: z.string(),
  identifier: z.string().optional(),
  endResult: z.string().optional(),
  returnTo: z.string().optional(),
  verificationCode: z.string().optional(),
  codes: z.array(z.string()).optional(),
});

export function createPhones(simulatorUrl: string): Phones {
  return {
    async add({ identifier, surname, givenName, birthDate }) {
      const { status } = await send('accounts', { identifier, surname, givenName, birthDate });
      assert.equal(status, 201);
    },
    async open(link, { identifier }) {
      const { status, body } = await send('device-links', { link, account: identifier });
      return status === 200 ? requestSchema.parse(body).id : undefined;
    },
    async answer(sessionId, answer) {
      const { status, body } = await send(`requests/${sessionId}`, await bodyOf(sessionId, answer));
      if (status !== 200) return undefined;
      const { endResult, identifier, returnTo } = requestSchema.parse(body);
      return endResult === undefined ? undefined : { endResult, identifier, returnTo };
    },
  };

  async function bodyOf(sessionId: string, answer: PhoneAnswer): Promise<object> {
    if (answer !== 'wrong_code') return { action: answer };
    const request = requestSchema.safeParse(
      await (await fetch(new URL(`control/requests/${sessionId}`, simulatorUrl))).json(),
    );
    const { codes = [], verificationCode } = request.data ?? {};
    const wrong = codes.find((code) => code !== verificationCode);
    return wrong === undefined ? { action: 'refuse' } : { action: 'choose', code: wrong };
  }

  async function send(path: string, body: object): Promise<{ status: number; body: unknown }> {
    const response = await fetch(new URL(`control/${path}`, simulatorUrl), {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    return { status: response.status, body: await response.json() };
  }
}
