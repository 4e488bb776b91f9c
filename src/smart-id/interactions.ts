import { z } from 'zod';
import { withoutInvisible } from '../invisible-characters.ts';
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
 * Returns the interactions of a device-link session, in order of preference. (RP API 3.2, Interactions)
 *
 * `displayTextAndPIN` shows the text and the PIN pad on one screen (with a notification also the verification code,
 * which the person then compares while confirming). It comes first if the whole text fits into its 60 characters.
 * Otherwise `confirmationMessage` comes first, which shows up to 200 characters on a separate screen. The other
 * interaction follows, for apps that do not support the first.
 *
 * @param text shown to the person; white space is collapsed, invisible characters are left out, and text beyond the limit of a
 *   screen is cut off
 * @param details added to the text on a screen of 200 characters, if both fit
 * @throws RangeError when the text is blank, since Smart-ID rejects an empty text
 */
export function deviceLinkInteractions(text: string, details?: string): Interaction[] {
  const plain = plainText(text);
  const short: Interaction = { type: 'displayTextAndPIN', displayText60: cut(plain, 60) };
  const long: Interaction = { type: 'confirmationMessage', displayText200: longText(text, details) };
  return short.displayText60 === plain ? [short, long] : [long, short];
}

/** How the app asks the person of a notification session. */
export interface NotificationScreens {
  readonly knownBrowser: boolean;
  /** Added to the text on a screen of 200 characters, if both fit. */
  readonly displayDetails?: string | undefined;
  /** Offers no screen that would cut the text. Default: false. */
  readonly wholeText?: boolean | undefined;
}

/**
 * Returns the interactions of a notification session. An attacker may have started a login from an unknown browser, so
 * the person must then choose the verification code from three, which requires seeing the page that shows it. (RP API
 * 3.2, Interactions)
 *
 * @throws RangeError when the text is blank, or has to be whole and no screen can show it
 */
export function notificationInteractions(text: string, screens: NotificationScreens): Interaction[] {
  const { knownBrowser, displayDetails } = screens;
  const plain = deviceLinkInteractions(text, displayDetails);
  return offered(
    knownBrowser ? plain : [messageWithCodeChoice(text, displayDetails), ...plain],
    text,
    screens,
  );
}

/**
 * The same for RP API v2, in which older apps support a choice of the code without a message.
 * (RP API v2, 2.3.7 Allowed interactions order)
 *
 * @throws RangeError when the text is blank, or has to be whole and no screen can show it
 */
export function notificationInteractionsV2(text: string, screens: NotificationScreens): Interaction[] {
  const { knownBrowser, displayDetails } = screens;
  const plain = deviceLinkInteractions(text, displayDetails);
  if (knownBrowser) return offered(plain, text, screens);
  const codeChoice: Interaction = { type: 'verificationCodeChoice', displayText60: cut(plainText(text), 60) };
  return offered([messageWithCodeChoice(text, displayDetails), codeChoice, ...plain], text, screens);
}

function offered(
  interactions: Interaction[],
  text: string,
  { wholeText = false }: NotificationScreens,
): Interaction[] {
  if (!wholeText) return interactions;
  // With details or without.
  const whole = interactions.filter((interaction) => textOf(interaction).startsWith(plainText(text)));
  if (whole.length === 0) throw new RangeError('the text to show in the app is too long');
  return whole;
}

function textOf(interaction: Interaction): string {
  switch (interaction.type) {
    case 'displayTextAndPIN':
    case 'verificationCodeChoice':
      return interaction.displayText60;
    case 'confirmationMessage':
    case 'confirmationMessageAndVerificationCodeChoice':
      return interaction.displayText200;
  }
}

/**
 * Encodes for the wire: standard Base64 of minified JSON. Store the exact text, since the signature covers its digest.
 */
export function encodeInteractions(interactions: readonly Interaction[]): string {
  return Buffer.from(JSON.stringify(interactions), 'utf8').toString('base64');
}

/**
 * Decodes the output of `encodeInteractions`.
 *
 * @throws SyntaxError or ZodError for any other text
 */
export function decodeInteractions(encoded: string): Interaction[] {
  return interactionsSchema.parse(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')));
}

function messageWithCodeChoice(text: string, details: string | undefined): Interaction {
  return {
    type: 'confirmationMessageAndVerificationCodeChoice',
    displayText200: longText(text, details),
  };
}

/** The text of a screen of 200 characters. The details are dropped rather than cut. */
function longText(text: string, details = ''): string {
  const both = plainText(`${text} ${details}`);
  return Array.from(both).length <= 200 ? both : cut(plainText(text), 200);
}

function plainText(text: string): string {
  const plain = withoutInvisible(text.replace(/[\p{Cc}\s]+/gu, ' ')).trim();
  if (plain === '') throw new RangeError('the text to show in the app is blank');
  return plain;
}

/** Cuts to `limit` code points, ellipsis included, at the end of a word if the text has a space before the limit. */
function cut(text: string, limit: number): string {
  const characters = Array.from(text);
  if (characters.length <= limit) return text;
  // The ellipsis leaves limit - 1 code points. A space directly after them means that a word ends exactly there.
  const lastSpace = characters.lastIndexOf(' ', limit - 1);
  const prefix = characters.slice(0, lastSpace > 0 ? lastSpace : limit - 1).join('');
  return `${prefix}…`;
}
