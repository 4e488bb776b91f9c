/** The screens of the virtual phone. */
import { type Account, isSuitable } from '../accounts/account.ts';
import type { AccountGroup } from '../accounts/listed-accounts.ts';
import { LINK_DEFECTS, type LinkDefect } from './device-link.ts';
import { type Html, html } from '../html.ts';
import type { RequestScreen } from './phone-steps.ts';
import type { Session } from '../accounts/sessions.ts';

export type Screen =
  RequestScreen | { readonly kind: 'idle' } | { readonly kind: 'wrong_link'; readonly defect: LinkDefect };

export interface ScreenView {
  readonly screen: Screen;
  /** The number of waiting requests that are older than the one on the screen. */
  readonly older: number;
  readonly all: readonly Session[];
  readonly groups: readonly AccountGroup[];
  readonly now: Date;
  readonly error: string | undefined;
}

type OpenScreen = Exclude<RequestScreen, { kind: 'done' }>;

const JUST_ANSWERED_MS = 30_000;
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

export function phoneScreen(view: ScreenView): Html {
  switch (view.screen.kind) {
    case 'idle':
      return idleScreen(view);
    case 'wrong_link':
      return notice('This link does not work', LINK_DEFECTS[view.screen.defect], close());
    case 'done':
      return doneScreen(view.screen.session);
    default:
      return openRequest(view.screen, view);
  }
}

/** Changes when the screen must be replaced, but not with the countdown. */
export function screenKey(screen: Screen): string {
  if ('session' in screen) return `${screen.kind} ${screen.session.id}`;
  return screen.kind;
}

function openRequest(screen: OpenScreen, { now, older, groups, error }: ScreenView): Html {
  const { session } = screen;
  const { account, request } = session;
  const seconds = Math.max(0, Math.round((session.expiresAt.getTime() - now.getTime()) / 1000));
  return html`<form method="post" action="/requests/${session.id}" autocomplete="off">
    <header>
      <h2 tabindex="-1">${request.relyingPartyName}</h2>
      <p class="text">${session.interaction.text}</p>
    </header>
    ${requestScreen(screen, groups, error)}
    <footer>
      ${account ? html`<p class="person"><b>${account.givenName} ${account.surname}</b></p>` : undefined}
      <p>
        ${account ? html`${account.identifier} · ` : undefined}<span
          data-expires="${session.expiresAt.toISOString()}"
          >answer within ${seconds} seconds</span
        >
      </p>
      ${older > 0 ? html`<p>${older === 1 ? 'An older request waits' : `${older} older requests wait`} behind this one.</p>` : undefined}
    </footer>
  </form>`;
}

function requestScreen(screen: OpenScreen, groups: readonly AccountGroup[], error: string | undefined): Html {
  switch (screen.kind) {
    case 'account':
      return accountChoice(screen.session, groups, error);
    case 'pin':
      return html`${codeShown(screen.code)}
        <div class="pin">
          <label for="pin">PIN1</label>
          <input
            id="pin"
            name="pin"
            type="text"
            inputmode="numeric"
            autocomplete="off"
            required
            minlength="4"
            maxlength="12"
            pattern="[0-9]{4,12}"
            aria-describedby="pin-hint${error === undefined ? '' : ' pin-error'}"
            ${error === undefined ? undefined : html`aria-invalid="true"`}
          />
          <p class="hint" id="pin-hint">Any 4 to 12 digits. Never your real PIN.</p>
          ${errorShown('pin-error', error)}
        </div>
        <div class="keypad" role="group" aria-label="Keypad" hidden>
          ${DIGITS.map(key)}
          <span></span>
          ${key('0')}
          <button type="button" data-erase aria-label="Erase the last digit">⌫</button>
        </div>
        ${buttons()}`;
    case 'confirm':
      return html`${codeShown(screen.code)}
        <p class="hint">
          ${
            screen.code === undefined
              ? 'Confirm only if you started this login yourself.'
              : 'Confirm only if this code is on the page where you log in.'
          }
          PIN1 comes next.
        </p>
        ${buttons()}`;
    case 'codes':
      return html`<fieldset class="codes">
          <legend>Which code is on the page where you log in?</legend>
          ${screen.codes.map((code) => html`<button name="code" value="${code}">${spaced(code)}</button>`)}
        </fieldset>
        ${cancel()}`;
  }
}

/** Buttons for the accounts on this phone, and a list of the automated accounts. */
function accountChoice(
  { request }: Session,
  groups: readonly AccountGroup[],
  error: string | undefined,
): Html {
  const option = (account: Account) => {
    const name = `${account.givenName} ${account.surname}, ${account.documentNumber}`;
    return isSuitable(account, request.certificateLevel)
      ? html`<option value="${account.documentNumber}">${name}</option>`
      : html`<option value="${account.documentNumber}" disabled>${name} (Basic)</option>`;
  };
  const [onPhone, ...others] = groups
    .map(({ title, accounts }) => ({
      title,
      accounts: accounts.filter(({ behaviour }) => behaviour.kind !== 'refused'),
    }))
    .filter(({ accounts }) => accounts.length > 0);
  return html`<fieldset class="accounts">
      <legend>Who answers?</legend>
      ${errorShown('account-error', error)}
      ${onPhone?.accounts.map(
        (account) =>
          html`<button name="account" value="${account.identifier}">
            <b>${account.givenName} ${account.surname}</b> <span>${account.identifier}</span>
          </button>`,
      )}
      <details>
        <summary>Somebody else</summary>
        <label for="other">Account, each with its own answer</label>
        <select id="other" name="other">
          ${others.map(
            ({ title, accounts }) => html`<optgroup label="${title}">${accounts.map(option)}</optgroup>`,
          )}
        </select>
        <button name="action" value="choose">Choose</button>
      </details>
    </fieldset>
    ${cancel()}`;
}

function errorShown(id: string, error: string | undefined): Html | undefined {
  return error === undefined ? undefined : html`<p class="error" id="${id}" role="alert">${error}</p>`;
}

function codeShown(code: string | undefined): Html | undefined {
  if (code === undefined) return undefined;
  return html`<p class="code">
    <span>Verification code</span>
    <b><span class="unseen">${spaced(code)}</span><span aria-hidden="true">${code}</span></b>
  </p>`;
}

function key(digit: string): Html {
  return html`<button type="button" data-digit="${digit}">${digit}</button>`;
}

/** Confirm is the first button in the source, so that Enter confirms. */
function buttons(): Html {
  return html`<div class="buttons">
    <button class="primary" name="action" value="confirm">Confirm</button>
    <button name="action" value="cancel" formnovalidate>Cancel</button>
  </div>`;
}

function cancel(): Html {
  return html`<div class="buttons"><button name="action" value="cancel">Cancel</button></div>`;
}

function idleScreen({ all, now }: ScreenView): Html {
  const answered = all
    .filter(({ account, opened }) => opened?.by === 'phone' || account?.behaviour.kind === 'phone')
    .filter(({ completed }) => completed)
    .toSorted((a, b) => (b.completed?.at.getTime() ?? 0) - (a.completed?.at.getTime() ?? 0))
    .find(({ completed }) => completed && now.getTime() - completed.at.getTime() < JUST_ANSWERED_MS);
  return notice(
    answered ? resultHeading(answered) : 'No requests',
    answered
      ? `Go back to ${answered.request.relyingPartyName}.`
      : 'Log in somewhere with one of these codes, or open a device link, and the request appears here.',
  );
}

/** The page of a device link after it was answered. */
function doneScreen(session: Session): Html {
  const { completed, opened, request } = session;
  const returnTo = completed?.returnTo;
  if (returnTo !== undefined) {
    const back = html`<a class="button" href="${returnTo}">Go back to ${request.relyingPartyName}</a>`;
    return notice(resultHeading(session), 'The login goes on in the browser.', back);
  }
  const text =
    opened?.linkType === 'QR'
      ? `Go back to ${request.relyingPartyName}.`
      : `The app does not lead back after this. You can close this page and go back to ${request.relyingPartyName}.`;
  return notice(resultHeading(session), text, close());
}

function notice(heading: string, text: string, action?: Html): Html {
  return html`<div class="idle">
    <svg viewBox="0 0 48 48" aria-hidden="true">
      <rect x="13" y="4" width="22" height="40" rx="5" />
      <path d="M21 38h6" />
    </svg>
    <h2 tabindex="-1">${heading}</h2>
    <p>${text}</p>
    ${action}
  </div>`;
}

function close(): Html {
  return html`<a class="button" href="/">Close</a>`;
}

function resultHeading({ completed }: Session): string {
  const endResult = completed?.status.result.endResult ?? '';
  if (endResult === 'OK') return 'Confirmed';
  if (endResult === 'TIMEOUT') return 'Time is up';
  if (endResult === 'WRONG_VC') return 'That was the wrong code';
  return endResult.startsWith('USER_REFUSED') ? 'Cancelled' : `It failed: ${endResult}`;
}

/** With spaces, so that screen readers read single digits. */
function spaced(code: string): string {
  return code.split('').join(' ');
}
