import { z } from 'zod';

/** An interaction (a screen of the app) that the relying party offers. (RP API 3.2, Interactions) */
export interface Interaction {
  readonly type: InteractionType;
  readonly text: string;
}

export type InteractionType =
  | 'displayTextAndPIN'
  | 'confirmationMessage'
  | 'confirmationMessageAndVerificationCodeChoice'
  /** RP API v2 only. */
  | 'verificationCodeChoice';

/** The interactions that each flow allows: a device link has no verification code. */
export const NOTIFICATION_INTERACTIONS = [
  'displayTextAndPIN',
  'confirmationMessage',
  'confirmationMessageAndVerificationCodeChoice',
] as const satisfies InteractionType[];
export const DEVICE_LINK_INTERACTIONS = [
  'displayTextAndPIN',
  'confirmationMessage',
] as const satisfies InteractionType[];

/** `interactions` is not valid; the message contains the reason. */
export class InteractionsError extends Error {
  override readonly name = 'InteractionsError';
}

const none = z.undefined().optional();
const displayText60 = z.string('missing').min(1, 'empty').max(60, 'longer than 60 characters');
const displayText200 = z.string('missing').min(1, 'empty').max(200, 'longer than 200 characters');

/** An element of the JSON array. It must have the text member of its type and not the other one. */
export const interactionElement = z
  .discriminatedUnion(
    'type',
    [
      z.object({
        type: z.enum(['displayTextAndPIN', 'verificationCodeChoice']),
        displayText60,
        displayText200: none,
      }),
      z.object({
        type: z.enum(['confirmationMessage', 'confirmationMessageAndVerificationCodeChoice']),
        displayText200,
        displayText60: none,
      }),
    ],
    'not a known interaction',
  )
  .transform((element): Interaction => ({
    type: element.type,
    text: element.displayText60 ?? element.displayText200,
  }));

/**
 * Decodes `interactions` of an RP API v3 request.
 *
 * @throws {InteractionsError} unless it is Base64 of a minified JSON array of allowed interactions without repetition
 */
export function readInteractions(
  base64: string,
  allowed: readonly InteractionType[],
): [Interaction, ...Interaction[]] {
  const json = decode(base64);
  // Minified JSON has white space only inside strings.
  if (/\s/.test(json.replace(/"(?:[^"\\]|\\.)*"/g, ''))) throw new InteractionsError('JSON is not minified');
  const elements = parse(json);
  if (!Array.isArray(elements)) throw new InteractionsError('not a JSON array of interactions');
  const [first, ...others] = elements.map(readElement);
  if (!first) throw new InteractionsError('no interaction');
  const types = [first, ...others].map(({ type }) => type);
  if (hasRepetitions(types)) throw new InteractionsError('an interaction type is repeated');
  const wrong = types.find((type) => !allowed.includes(type));
  if (wrong !== undefined) throw new InteractionsError(`${wrong} is not allowed in this flow`);
  return [first, ...others];
}

/** Whether a type is offered twice, which is not allowed. */
export function hasRepetitions(types: readonly InteractionType[]): boolean {
  return new Set(types).size !== types.length;
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
  const parsed = interactionElement.safeParse(json);
  if (parsed.success) return parsed.data;
  const member = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new InteractionsError(
    `element ${index + 1} is not a known interaction with its one text (${member})`,
  );
}
