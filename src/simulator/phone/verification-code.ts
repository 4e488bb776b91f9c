import { createHash } from 'node:crypto';
import type { Session } from '../accounts/sessions.ts';

/**
 * The four-digit verification code for v3's `rpChallenge` or v2's `hash`, in Base64. (RP API 3.2, Notification based
 * flows, Verification codes; RP API v2, Verification code)
 */
export function verificationCode(challenge: string): string {
  const digest = createHash('sha256').update(Buffer.from(challenge, 'base64')).digest();
  return String(digest.readUInt16BE(digest.length - 2) % 10_000).padStart(4, '0');
}

/** The verification code of a session's request. */
export function verificationCodeOf({ request }: Session): string {
  return verificationCode(request.api === 'v2' ? request.hash : request.rpChallenge);
}

/** Whether the session's interaction is a choice of codes. */
export function hasCodeChoice({ interaction }: Session): boolean {
  switch (interaction.type) {
    case 'verificationCodeChoice':
    case 'confirmationMessageAndVerificationCodeChoice':
      return true;
    case 'displayTextAndPIN':
    case 'confirmationMessage':
      return false;
  }
}

/**
 * The right code and two wrong ones, for the code choice screen. The order and the wrong codes are derived from `seed`,
 * so that a reload shows the same three.
 */
export function codeChoices(code: string, seed: string): string[] {
  const random = createHash('sha256').update(seed).digest();
  const others = new Set<string>();
  for (let offset = 0; others.size < 2 && offset < random.length - 1; offset += 2) {
    const other = String(random.readUInt16BE(offset) % 10_000).padStart(4, '0');
    if (other !== code) others.add(other);
  }
  const choices = [...others];
  choices.splice((random.at(-1) ?? 0) % 3, 0, code);
  return choices;
}
