import { z } from 'zod';

/** One screen that the relying party offers, in order of preference. (RP API 3.2, Interactions) */
export interface Interaction {
  readonly type: 'displayTextAndPIN' | 'confirmationMessage' | 'confirmationMessageAndVerificationCodeChoice';
  readonly text: string;
}

/** `interactions` breaks a rule; the message says which. */
export class InteractionsError extends Error {
  override readonly name = 'InteractionsError';
}

const text60 = z.string().min(1).max(60);
const text200 = z.string().min(1).max(200);
// An element has the text of its own type, and no other.
const element = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('displayTextAndPIN'),
    displayText60: text60,
    displayText200: z.undefined().optional(),
  }),
  z.object({
    type: z.literal('confirmationMessage'),
    displayText200: text200,
    displayText60: z.undefined().optional(),
  }),
  z.object({
    type: z.literal('confirmationMessageAndVerificationCodeChoice'),
    displayText200: text200,
    displayText60: z.undefined().optional(),
  }),
]);

/**
 * Decodes `interactions` of a notification request.
 *
 * @throws {InteractionsError} when it is not the Base64 of a minified JSON array of known, unrepeated interactions
 */
export function readInteractions(base64: string): Interaction[] {
  const json = decode(base64);
  // Outside its strings, minified JSON has no white space.
  if (/\s/.test(json.replace(/"(?:[^"\\]|\\.)*"/g, ''))) throw new InteractionsError('JSON is not minified');
  const elements = parse(json);
  if (!Array.isArray(elements) || elements.length === 0)
    throw new InteractionsError('not a JSON array of interactions');
  const interactions = elements.map(readElement);
  if (new Set(interactions.map(({ type }) => type)).size !== interactions.length) {
    throw new InteractionsError('an interaction type is repeated');
  }
  return interactions;
}

function decode(base64: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    throw new InteractionsError('not UTF-8');
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new InteractionsError('not JSON');
  }
}

function readElement(json: unknown, index: number): Interaction {
  const parsed = element.safeParse(json);
  if (!parsed.success) {
    const member = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new InteractionsError(
      `element ${index + 1} is not a known interaction with its one text (${member})`,
    );
  }
  const { data } = parsed;
  return {
    type: data.type,
    text: data.type === 'displayTextAndPIN' ? data.displayText60 : data.displayText200,
  };
}
