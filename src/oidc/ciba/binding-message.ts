import { errors } from 'oidc-provider';
import { invisibleIn } from '../../invisible-characters.ts';

/** What Smart-ID's longest text shows, in code points. (RP API 3.2, Interactions) */
const SHOWN_CHARACTERS = 200;

/**
 * The text in the app: who asks, and the `binding_message` of the client after it, so that no message can pretend to be of another
 * service.
 *
 * @param service what the app shows of the client otherwise, like `Log in to Sample app`
 */
export function appTextWith(service: string, bindingMessage: string | undefined): string {
  return bindingMessage === undefined ? service : `${service}: ${bindingMessage}`;
}

/**
 * Refuses a `binding_message` that the app would not show as it is: the person compares it with what they see or hear elsewhere.
 *
 * @throws {errors.InvalidBindingMessage}
 */
export function requireShownWhole(service: string, bindingMessage: string | undefined): void {
  if (bindingMessage === undefined) return;
  const reads = bindingMessage.replace(/\s+/g, ' ').trim();
  if (reads === '' || reads !== bindingMessage || invisibleIn(bindingMessage) !== undefined) {
    throw new errors.InvalidBindingMessage(
      'the binding_message must be one line of text with single spaces and no invisible characters',
    );
  }
  const left = Math.max(0, SHOWN_CHARACTERS - Array.from(appTextWith(service, '')).length);
  if (Array.from(bindingMessage).length > left) {
    throw new errors.InvalidBindingMessage(
      `the binding_message must be at most ${left} characters for this client`,
    );
  }
}
