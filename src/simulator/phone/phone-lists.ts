/** The lists beside the virtual phone: the latest requests and the test accounts. */
import type { Account } from '../accounts/account.ts';
import type { AccountGroup } from '../accounts/listed-accounts.ts';
import { type Html, html } from '../html.ts';
import type { Session } from '../accounts/sessions.ts';

const LATEST = 5;

export function latestRequests(all: readonly Session[]): Html | undefined {
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
          (session) =>
            html`<tr>
              <td>${session.account ? code(session.account) : 'nobody yet'}</td>
              <td>${resultOf(session)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

export function accountGuide(groups: readonly AccountGroup[]): Html {
  return html`<section class="card">
    <h2>Test accounts</h2>
    <p>
      Log in with any of these personal codes. Every other Estonian, Latvian, Lithuanian or Belgian code works
      as well, and rings this phone.
    </p>
    ${groups.map(group)}
  </section>`;
}

function resultOf({ completed, deviceLink, opened }: Session): string {
  if (completed) return completed.status.result.endResult;
  return deviceLink && !opened ? 'device link, not opened yet' : 'waiting';
}

function group({ title, accounts, byDocument }: AccountGroup, index: number): Html {
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
              <td>
                ${byDocument ? html`<code>${account.documentNumber}</code>` : code(account)}<br /><span
                  class="name"
                  >${account.givenName} ${account.surname}</span
                >
              </td>
              <td>${effect(account)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

/** The country and the code separately, as people type them. */
function code({ identifier }: Account): Html {
  return html`<span class="country">${identifier.slice(3, 5)}</span> <code>${identifier.slice(6)}</code>`;
}

function effect({ behaviour, level, birthDate, revoked }: Account): string {
  if (behaviour.kind === 'refused') return `HTTP ${behaviour.status}`;
  if (level === 'ADVANCED') return 'no suitable account; logs in where ADVANCED is enough';
  const birth = birthDate === undefined ? '' : `, birth date ${birthDate} in the certificate`;
  if (behaviour.kind === 'phone') return `waits for you here${birth}`;
  const { answer } = behaviour;
  if (revoked) return 'confirms, and its certificate is revoked';
  if (answer.endResult === 'OK') return `logs in${birth}`;
  return answer.endResult === 'USER_REFUSED_INTERACTION'
    ? `${answer.endResult} on ${answer.interaction}`
    : answer.endResult;
}
