import { ACCOUNT_GROUPS, type Account, type AccountGroup } from './accounts.ts';
import { type Html, html } from './html.ts';
import type { Session } from './sessions.ts';

export type Screen =
  | { readonly kind: 'idle' }
  | { readonly kind: 'confirm'; readonly session: Session; readonly code: string }
  | { readonly kind: 'codes'; readonly session: Session; readonly codes: readonly string[] }
  | { readonly kind: 'pin'; readonly session: Session; readonly code: string };
type RequestScreen = Exclude<Screen, { kind: 'idle' }>;

export interface PhoneView {
  readonly screen: Screen;
  /** How many more requests wait behind this one. */
  readonly others: number;
  readonly all: readonly Session[];
  readonly now: Date;
  /** What to correct on the PIN screen. */
  readonly error: string | undefined;
}

const LATEST = 5;
const JUST_ANSWERED_MS = 30_000;
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

export function phonePage(view: PhoneView): Html {
  const idle = view.screen.kind === 'idle';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${idle ? '' : 'Request waiting · '}Virtual phone of the Smart-ID simulator</title>
        <link rel="icon" href="/assets/phone.svg" />
        <link rel="stylesheet" href="/assets/phone.css" />
        <script src="/assets/phone.js" defer></script>
        ${idle ? html`<noscript><meta http-equiv="refresh" content="2" /></noscript>` : undefined}
      </head>
      <body>
        <header class="banner">
          <p>
            <strong>Simulator.</strong> This is not Smart-ID: no real person, no real PIN, no real signature.
          </p>
        </header>
        <main>
          <h1 class="unseen">Virtual phone</h1>
          <section class="device" aria-label="Screen of the virtual phone">
            <div class="bezel" aria-hidden="true"></div>
            <div class="screen" id="screen" data-key="${keyOf(view.screen)}">${screen(view)}</div>
          </section>
          <div class="side">
            <div id="latest">${latest(view)}</div>
            ${guide()}
          </div>
        </main>
        <p class="unseen" id="announcement" role="status"></p>
      </body>
    </html>`;
}

function screen(view: PhoneView): Html {
  if (view.screen.kind === 'idle') return idleScreen(view);
  const { session } = view.screen;
  const { account, request } = session;
  const seconds = Math.max(0, Math.round((session.expiresAt.getTime() - view.now.getTime()) / 1000));
  return html`<form method="post" action="/requests/${session.id}" autocomplete="off">
    <header>
      <h2 tabindex="-1">${request.relyingPartyName}</h2>
      <p class="text">${session.interaction.text}</p>
    </header>
    ${requestScreen(view.screen, view.error)}
    <footer>
      <p class="person"><b>${account.givenName} ${account.surname}</b></p>
      <p>
        ${account.identifier} ·
        <span data-expires="${session.expiresAt.toISOString()}">answer within ${seconds} seconds</span>
      </p>
      ${view.others > 0 ? html`<p>${view.others} more waiting after this one.</p>` : undefined}
    </footer>
  </form>`;
}

function requestScreen(request: RequestScreen, error: string | undefined): Html {
  switch (request.kind) {
    case 'pin':
      return html`${codeShown(request.code)}
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
          ${error === undefined ? undefined : html`<p class="error" id="pin-error" role="alert">${error}</p>`}
        </div>
        <div class="keypad" role="group" aria-label="Keypad" hidden>
          ${DIGITS.map(key)}
          <span></span>
          ${key('0')}
          <button type="button" data-erase aria-label="Erase the last digit">⌫</button>
        </div>
        ${buttons()}`;
    case 'confirm':
      return html`${codeShown(request.code)}
        <p class="hint">Confirm only if this code is on the page where you log in. PIN1 comes next.</p>
        ${buttons()}`;
    case 'codes':
      return html`<fieldset class="codes">
          <legend>Which code is on the page where you log in?</legend>
          ${request.codes.map((code) => html`<button name="code" value="${code}">${spoken(code)}</button>`)}
        </fieldset>
        <div class="buttons"><button name="action" value="cancel">Cancel</button></div>`;
  }
}

function codeShown(code: string): Html {
  return html`<p class="code">
    <span>Verification code</span>
    <b><span class="unseen">${spoken(code)}</span><span aria-hidden="true">${code}</span></b>
  </p>`;
}

function key(digit: string): Html {
  return html`<button type="button" data-digit="${digit}">${digit}</button>`;
}

/** Confirm stands first in the source, so that Enter confirms. */
function buttons(): Html {
  return html`<div class="buttons">
    <button class="primary" name="action" value="confirm">Confirm</button>
    <button name="action" value="cancel" formnovalidate>Cancel</button>
  </div>`;
}

function idleScreen({ all, now }: PhoneView): Html {
  const answered = all
    .filter(({ account, completed }) => account.behaviour.kind === 'phone' && completed)
    .toSorted((a, b) => (b.completed?.at.getTime() ?? 0) - (a.completed?.at.getTime() ?? 0))
    .find(({ completed }) => completed && now.getTime() - completed.at.getTime() < JUST_ANSWERED_MS);
  return html`<div class="idle">
    <svg viewBox="0 0 48 48" aria-hidden="true">
      <rect x="13" y="4" width="22" height="40" rx="5" />
      <path d="M21 38h6" />
    </svg>
    <h2 tabindex="-1">${answered ? lastWords(answered) : 'No requests'}</h2>
    <p>
      ${
        answered
          ? `Go back to ${answered.request.relyingPartyName}.`
          : 'Log in somewhere with one of these codes, and the request appears here.'
      }
    </p>
  </div>`;
}

function lastWords({ completed }: Session): string {
  switch (completed?.status.result.endResult) {
    case 'OK':
      return 'Confirmed';
    case 'TIMEOUT':
      return 'Time is up';
    case 'WRONG_VC':
      return 'That was the wrong code';
    default:
      return 'Cancelled';
  }
}

function latest({ all }: PhoneView): Html | undefined {
  if (all.length === 0) return undefined;
  const rows = all.slice(-LATEST).reverse();
  return html`<section class="card">
    <h2>Latest requests</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">Result</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ account, completed }) =>
            html`<tr>
              <td>${code(account)}</td>
              <td>${completed ? completed.status.result.endResult : 'waiting'}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function guide(): Html {
  return html`<section class="card">
    <h2>Test accounts</h2>
    <p>
      Log in with any of these personal codes. Every other Estonian, Latvian, Lithuanian or Belgian code works
      as well, and rings this phone.
    </p>
    ${ACCOUNT_GROUPS.map(group)}
  </section>`;
}

function group({ title, accounts }: AccountGroup, index: number): Html {
  return html`<details ${index < 2 ? html`open` : undefined}>
    <summary>${title} <span class="count">${accounts.length}</span></summary>
    <table>
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">What happens</th>
        </tr>
      </thead>
      <tbody>
        ${accounts.map(
          (account) =>
            html`<tr>
              <td>${code(account)}<br /><span class="name">${account.givenName} ${account.surname}</span></td>
              <td>${effect(account)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

/** The country and the code, apart: that is how people type them. */
function code({ identifier }: Account): Html {
  return html`<span class="country">${identifier.slice(3, 5)}</span> <code>${identifier.slice(6)}</code>`;
}

function effect({ behaviour, level, birthDate }: Account): string {
  if (behaviour.kind === 'refused') return `HTTP ${behaviour.status}`;
  if (level === 'ADVANCED') return 'no suitable account; logs in where ADVANCED is enough';
  const birth = birthDate === undefined ? '' : `, birth date ${birthDate} in the certificate`;
  if (behaviour.kind === 'phone') return `waits for you here${birth}`;
  const { answer } = behaviour;
  if (answer.endResult === 'OK') return `logs in${birth}`;
  return answer.endResult === 'USER_REFUSED_INTERACTION'
    ? `${answer.endResult} on ${answer.interaction}`
    : answer.endResult;
}

/** With spaces, so that screen readers say it digit by digit. */
function spoken(code: string): string {
  return code.split('').join(' ');
}

/** Changes when the screen has to be drawn anew, and not when only time passed. */
function keyOf(screen: Screen): string {
  return screen.kind === 'idle' ? 'idle' : `${screen.kind} ${screen.session.id}`;
}
