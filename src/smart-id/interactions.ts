import { z } from 'zod';
import type { Interaction } from './authentication.ts';

const interactionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('displayTextAndPIN'), displayText60: z.string().min(1) }),
  z.object({ type: z.literal('confirmationMessage'), displayText200: z.string().min(1) }),
  z.object({
    type: z.literal('confirmationMessageAndVerificationCodeChoice'),
    displayText200: z.string().min(1),
  }),
  z.object({ type: z.literal('verificationCodeChoice'), displayText60: z.string().min(1) }),
]) satisfies z.ZodType<Interaction>;

const interactionsSchema = z.array(interactionSchema).min(1);

/**
 * The screens to offer behind a device link, in order of preference. (RP API 3.2, Interactions)
 *
 * With `displayTextAndPIN` the text and the PIN pad share one screen (with a notification also the verification code, so
 * that the person compares it in the moment of confirming): it comes first while the whole text fits on it. A longer text
 * comes first as a `confirmationMessage`, which shows all of it on a screen of its own. The other one stays as a fallback
 * for apps that lack the first.
 *
 * @param text what the person reads; white space is collapsed, and what a screen cannot hold is cut
 * @throws RangeError when the text is blank, since Smart-ID refuses an empty text
 */
export function deviceLinkInteractions(text: string): Interaction[] {
  const plain = plainText(text);
  const short: Interaction = { type: 'displayTextAndPIN', displayText60: cut(plain, 60) };
  const long: Interaction = { type: 'confirmationMessage', displayText200: cut(plain, 200) };
  return short.displayText60 === plain ? [short, long] : [long, short];
}

/**
 * The screens to offer with a notification. On a browser that is not known, whoever asks may be somebody else: there the
 * person first has to pick the code out of three, which nobody does without looking at the right browser.
 *
 * @throws RangeError when the text is blank
 */
export function notificationInteractions(
  text: string,
  { knownBrowser }: { readonly knownBrowser: boolean },
): Interaction[] {
  const plain = deviceLinkInteractions(text);
  return knownBrowser ? plain : [messageWithCodeChoice(text), ...plain];
}

/**
 * The same for RP API v2, where older apps can let the person pick the code without a message.
 * (RP API v2 §2.3.x, allowedInteractionsOrder)
 *
 * @throws RangeError when the text is blank
 */
export function notificationInteractionsV2(
  text: string,
  { knownBrowser }: { readonly knownBrowser: boolean },
): Interaction[] {
  const plain = deviceLinkInteractions(text);
  if (knownBrowser) return plain;
  const codeChoice: Interaction = { type: 'verificationCodeChoice', displayText60: cut(plainText(text), 60) };
  return [messageWithCodeChoice(text), codeChoice, ...plain];
}

/** The wire form: standard Base64 of minified JSON. Keep the exact text, its digest is signed. */
export function encodeInteractions(interactions: readonly Interaction[]): string {
  return Buffer.from(JSON.stringify(interactions), 'utf8').toString('base64');
}

/** Reads what `encodeInteractions` made. Throws on anything else. */
export function decodeInteractions(encoded: string): Interaction[] {
  return interactionsSchema.parse(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')));
}

function messageWithCodeChoice(text: string): Interaction {
  return {
    type: 'confirmationMessageAndVerificationCodeChoice',
    displayText200: cut(plainText(text), 200),
  };
}

function plainText(text: string): string {
  const plain = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  if (plain === '') throw new RangeError('the text to show in the app is blank');
  return plain;
}

/** Cuts to `limit` code points, the ellipsis among them, after a whole word where the text has one to end after. */
function cut(text: string, limit: number): string {
  const characters = Array.from(text);
  if (characters.length <= limit) return text;
  // Text has room for limit - 1; the character after that tells whether a word ends exactly there.
  const lastSpace = characters.lastIndexOf(' ', limit - 1);
  const kept = characters.slice(0, lastSpace > 0 ? lastSpace : limit - 1).join('');
  return `${kept}…`;
}
