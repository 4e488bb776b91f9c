/** The page of the virtual phone: its screen, and information for developers beside it. */
import type { AccountGroup } from '../accounts/listed-accounts.ts';
import { type Html, html } from '../html.ts';
import { accountGuide, latestRequests } from './phone-lists.ts';
import { phoneScreen, type Screen, screenKey } from './phone-screens.ts';
import type { Session } from '../accounts/sessions.ts';

export interface PhoneView {
  readonly screen: Screen;
  /** The number of waiting requests that are older than the one on the screen. */
  readonly older: number;
  readonly all: readonly Session[];
  /** All accounts. */
  readonly groups: readonly AccountGroup[];
  readonly now: Date;
  /** The input error to show on this screen. */
  readonly error: string | undefined;
  /** Without JavaScript an idle page reloads itself. Set this to prevent it, so that a person can type. */
  readonly still: boolean;
}

export function phonePage(view: PhoneView): Html {
  const { screen } = view;
  const reloads = screen.kind === 'idle' && !view.still;
  const waiting = 'session' in screen && screen.kind !== 'done';
  const { opened } = waiting ? screen.session : {};
  // The form ends in a redirect to another site, which the policy of this page must already allow.
  const leaves = opened !== undefined && opened.linkType !== 'QR';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${waiting ? 'Request waiting · ' : ''}Virtual phone of the Smart-ID simulator</title>
        <link rel="icon" href="/assets/phone.svg" />
        <link rel="stylesheet" href="/assets/phone.css" />
        <script src="/assets/phone.js" defer></script>
        ${reloads ? html`<noscript><meta http-equiv="refresh" content="2" /></noscript>` : undefined}
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
            <div
              class="screen"
              id="screen"
              data-key="${screenKey(screen)}"
              ${leaves ? html`data-leaves` : undefined}
            >
              ${phoneScreen(view)}
            </div>
          </section>
          <div class="side">
            <div id="latest">${latestRequests(view.all)}</div>
            ${paste(reloads)} ${accountGuide(view.groups)} ${certificates()}
          </div>
        </main>
        <p class="unseen" id="announcement" role="status"></p>
      </body>
    </html>`;
}

function certificates(): Html {
  return html`<section class="card">
    <h2>Certificates</h2>
    <p>Revoke one, or make those who say so fall silent: <a href="/revocation">what the CA says</a>.</p>
  </section>`;
}

/** A text field in place of a camera. */
function paste(reloads: boolean): Html {
  return html`<section class="card">
    <h2>Scan a QR code</h2>
    <p id="link-hint">
      The page with the code has a link, at its top, that scans it for you. Or paste here what the code says,
      within ten seconds.
    </p>
    ${
      reloads
        ? html`<noscript>
            <p>This page reloads itself all the time: <a href="/scan">hold it still</a> to paste.</p>
          </noscript>`
        : undefined
    }
    <form class="paste" action="/device-link" method="post" autocomplete="off">
      <label for="link">Device link</label>
      <input
        id="link"
        name="link"
        type="text"
        inputmode="url"
        autocapitalize="off"
        spellcheck="false"
        required
        maxlength="4000"
        aria-describedby="link-hint"
      />
      <button>Open</button>
    </form>
  </section>`;
}
