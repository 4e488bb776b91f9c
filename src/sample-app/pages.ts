import { html, type Html } from './html.ts';
import { page } from './page.ts';
import type { Problem } from './problem.ts';
import type { Claims, Visitor } from './relying-party.ts';

/** @param playground the path of the playground, where there is one */
export function welcomePage(playground?: string): string {
  return page(
    'Sample app',
    html`<h1>Welcome to the sample app</h1>
      <p>It stands for any web app whose visitors log in with Smart-ID.</p>
      <p><a class="button" href="/login">Log in with Smart-ID</a></p>
      <p class="quiet">
        Logging in takes you to the login service, which asks you to confirm on your phone and brings you
        back.
      </p>
      ${
        playground === undefined
          ? ''
          : html`<p class="quiet">
              To see what the app and the login service say to each other, step by step, open the
              <a href="${playground}">playground</a>.
            </p>`
      }`,
  );
}

/** Claims about the login or its tokens; all others are about the person. */
const LOGIN_CLAIMS = new Set(
  'iss aud azp sid exp iat nbf jti nonce auth_time acr amr at_hash c_hash s_hash'.split(' '),
);
const TIME_CLAIMS = new Set(['exp', 'iat', 'nbf', 'auth_time']);

export function claimsPage({ idTokenClaims, userinfo }: Visitor): string {
  const claims: Claims = { ...userinfo, ...idTokenClaims };
  const sources = { 'ID token': idTokenClaims, userinfo };
  const names = Object.keys(claims);
  const ofPerson = names.filter((name) => !LOGIN_CLAIMS.has(name));
  const ofLogin = names.filter((name) => LOGIN_CLAIMS.has(name));
  const greeted = [claims.given_name, claims.name, claims.sub].find((name) => name !== undefined);
  return page(
    'You are logged in',
    html`<h1>Hello, ${valueText(greeted)}</h1>
      <p>You are logged in. This is what the login service says of you.</p>
      ${claimsTable('Claims about you', ofPerson, claims, sources)}
      <details>
        <summary>About this login</summary>
        ${claimsTable('Claims about this login', ofLogin, claims, sources)}
      </details>
      <form method="post" action="/logout"><button class="button second">Log out</button></form>`,
  );
}

function claimsTable(
  caption: string,
  names: readonly string[],
  claims: Claims,
  sources: Readonly<Record<string, Claims>>,
): Html {
  const rows = names.map((name) => {
    const from = Object.entries(sources).filter(([, source]) => name in source);
    return html`<tr>
      <th scope="row"><code>${breakable(name)}</code></th>
      <td>${claimText(name, claims[name])}</td>
      <td class="quiet from">${from.map(([source]) => source).join(', ')}</td>
    </tr>`;
  });
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">Claim</th>
        <th scope="col">Value</th>
        <th scope="col" class="from">From</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

/** Lets long names wrap before an underscore. */
function breakable(name: string): readonly Html[] {
  return name.split('_').map((part, index) => (index === 0 ? html`${part}` : html`_<wbr />${part}`));
}

function claimText(name: string, value: unknown): string {
  return TIME_CLAIMS.has(name) && typeof value === 'number'
    ? `${value} (${new Date(value * 1000).toISOString()})`
    : valueText(value);
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function problemPage(problem: Problem): string {
  const { title, text, detail } = explain(problem);
  return page(
    title,
    html`<h1>${title}</h1>
      <p>${text}</p>
      ${detail === undefined ? '' : html`<p class="quiet">The login service said: ${detail}</p>`}
      <p><a class="button" href="/login">Try again</a></p>
      <p><a href="/">Back to the start</a></p>`,
  );
}

function explain(problem: Problem): { title: string; text: string; detail?: string } {
  switch (problem.kind) {
    case 'cancelled':
      return {
        title: 'You cancelled the login',
        text: 'You are not logged in. You can log in again any time.',
      };
    case 'refused':
      return {
        title: 'The login did not work',
        text: 'The login service could not log you in. Please try again.',
        detail: [problem.error, ...(problem.description === undefined ? [] : [problem.description])].join(
          ': ',
        ),
      };
    case 'not_expected':
      return {
        title: 'This login cannot go on here',
        text: 'It was begun in another browser, or too long ago, or this browser keeps no cookies.',
      };
    case 'unreachable':
      return {
        title: 'The login service does not answer',
        text: 'Please try again in a moment.',
      };
    case 'no_such_page':
      return { title: 'There is no such page', text: 'The address may be mistyped.' };
    case 'unexpected':
      return {
        title: 'The login did not work',
        text: 'The answer of the login service was not as expected, so you are not logged in.',
      };
  }
}
