/** The page for revoking certificates and for making OCSP responders and CRLs misbehave. */
import { type Html, html } from '../html.ts';
import { BEHAVIOURS, type Behaviour } from './revocation.ts';

const EFFECTS: Readonly<Record<Behaviour, string>> = {
  answers: 'answers',
  silent: 'takes the request, and never answers',
  slow: 'answers after three seconds',
  stale: 'answers as of the day before yesterday',
  'wrong-key': 'answers, signed by a key that is not its own',
};

export interface RevocationView {
  readonly ocsp: Behaviour;
  readonly crl: Behaviour;
  /** One account per line: the current list, or the typed text after an error. */
  readonly revoked: string;
  /** Whether the settings were just changed. */
  readonly changed: boolean;
  /** Why nothing was changed, and what to correct. */
  readonly error: string | undefined;
}

export function revocationPage({ ocsp, crl, revoked, changed, error }: RevocationView): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Revocation · Smart-ID simulator</title>
        <link rel="icon" href="/assets/phone.svg" />
        <link rel="stylesheet" href="/assets/phone.css" />
      </head>
      <body>
        <header class="banner">
          <p><strong>Simulator.</strong> This is not Smart-ID: nothing real is revoked here.</p>
        </header>
        <main class="single">
          <section class="card">
            <h1>Revocation</h1>
            <p>
              What the simulated CAs say of their certificates, when Sild asks them at a login.
              <a href="/">Back to the phone</a>
            </p>
            ${changed ? html`<p role="status">Changed. It holds until the simulator stops.</p>` : undefined}
            ${error === undefined ? undefined : html`<p class="error" id="error" role="alert">Nothing was changed. ${error}</p>`}
            <form class="paste" action="/revocation" method="post" autocomplete="off">
              ${choice('ocsp', 'OCSP responders', ocsp)} ${choice('crl', 'Revocation lists', crl)}
              <label for="revoked">Revoked certificates, an account a line</label>
              <textarea
                id="revoked"
                name="revoked"
                rows="5"
                spellcheck="false"
                autocapitalize="off"
                aria-describedby="${error === undefined ? '' : 'error '}revoked-hint"
                ${error === undefined ? undefined : html`aria-invalid="true"`}
              >
${revoked}</textarea>
              <p class="hint" id="revoked-hint">
                For example PNOEE-40504040001; eid-q or eid-nq is the issuing CA itself.
              </p>
              <button class="primary">Change</button>
            </form>
          </section>
        </main>
      </body>
    </html>`;
}

function choice(name: string, label: string, chosen: Behaviour): Html {
  return html`<label for="${name}">${label}</label>
    <select id="${name}" name="${name}">
      ${BEHAVIOURS.map(
        (one) =>
          html`<option value="${one}" ${one === chosen ? html`selected` : undefined}>
            ${EFFECTS[one]}
          </option>`,
      )}
    </select>`;
}
