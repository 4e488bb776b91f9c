import { html, type Html } from '../sample-app/html.ts';
import { clientOf } from './clients.ts';
import { curlOf } from './curl.ts';
import { exampleCode } from './example-code.ts';
import type { Exchange } from './exchanges.ts';
import { decodeJwt } from './jwt.ts';
import type { Run } from './runs.ts';
import { formOf } from './settings.ts';
import { PATH, playgroundPage } from './site.ts';

export interface RunPageOptions {
  readonly issuer: string;
  readonly redirectUri: string;
}

export function runPage(run: Run, options: RunPageOptions): string {
  const { settings, problem } = run;
  const steps = [
    requestStep(run, options),
    ...(run.answer ? [answerStep(run, run.answer)] : []),
    ...(run.redeemed === true ? [tokensStep(run)] : []),
    ...(run.userinfo ? [userinfoStep(run)] : []),
  ];
  const again = `${PATH}?${formOf(settings).toString()}`;
  return playgroundPage(
    problem === undefined ? titleOf(run) : `Problem: ${titleOf(run)}`,
    html`<h1>${titleOf(run)}</h1>
      <p>${clientOf(settings.client).title}, <code>${settings.client}</code>. ${stateOf(run)}</p>
      ${
        problem === undefined
          ? ''
          : html`<div class="problem" role="alert">
              <h2>The last step failed</h2>
              <p>${problem}</p>
            </div>`
      }
      ${next(run)} ${steps.reverse()}
      <p class="again"><a href="${again}">Change the request</a> <a href="${PATH}">A new request</a></p>`,
  );
}

function titleOf(run: Run): string {
  if (run.userinfo) return 'The claims';
  if (run.tokens) return 'The tokens';
  if (run.answer) return 'The answer';
  return 'The request';
}

function stateOf(run: Run): string {
  if (run.userinfo) return 'This is the last step: all steps are below.';
  if (run.tokens) return 'The ID token is verified. The access token opens userinfo.';
  if (run.answer?.has('error')) return 'Sild has refused the request.';
  if (run.redeemed === true) return 'There are no tokens.';
  if (run.answer) return 'The browser brought a code, which is valid for 60 seconds and once.';
  return 'Nothing has been sent yet.';
}

/** The button of the next step. */
function next(run: Run): Html | string {
  const button = (step: string, text: string) =>
    html`<form method="post" action="${PATH}/runs/${run.id}/${step}">
      <button class="button">${text}</button>
    </form>`;
  if (run.userinfo || run.answer?.has('error')) return '';
  if (run.tokens) return button('userinfo', 'Ask for the claims at userinfo');
  if (run.redeemed === true) return '';
  if (run.answer) return button('redeem', 'Redeem the code');
  return button('send', 'Send the request');
}

function requestStep(run: Run, { issuer, redirectUri }: RunPageOptions): Html {
  const { settings, parameters, sent, exchanges } = run;
  return step(
    '1',
    'The request',
    html`${table('Parameters', parameters)}
      ${
        sent?.requestObject === undefined
          ? ''
          : html`<h3>Request object (JAR)</h3>
              ${jwt(sent.requestObject)}`
      }
      ${
        sent
          ? html`<h3>Where the browser went</h3>
              ${block('The address', sent.address.href)}`
          : ''
      }
      ${exchangesOf(exchanges.request)}
      ${
        sent === undefined || exchanges.request.length === 0
          ? html`<p class="quiet">
              When it is sent, you see the requests of the application as curl commands. A browser goes to
              <code>/authorize</code>, not curl: a person logs in there.
            </p>`
          : ''
      }
      <details>
        <summary>The code with openid-client</summary>
        ${block('Program', exampleCode(settings, issuer, redirectUri))}
      </details>`,
  );
}

function answerStep({ settings }: Run, answer: URLSearchParams): Html {
  return step(
    '2',
    'The answer',
    html`<p>
        It came back to the redirect URI
        ${settings.response_mode === 'form_post' ? 'in a posted form' : settings.response_mode === 'fragment' ? 'in the fragment, which no server sees' : 'in the query'}.
      </p>
      ${table('Parameters of the answer', Object.fromEntries(answer))}`,
  );
}

function tokensStep({ tokens, exchanges }: Run): Html {
  if (!tokens) return step('3', 'The token request', html`${exchangesOf(exchanges.tokens)}`);
  const { id_token: idToken, access_token: accessToken, ...others } = tokens;
  return step(
    '3',
    'The tokens',
    html`<h3>ID token</h3>
      ${idToken === undefined ? '' : jwt(idToken)}
      <h3>Access token</h3>
      <p>It is opaque: it means something to Sild only.</p>
      ${block('The access token', accessToken)} ${table('Beside it', plain(others))}
      ${exchangesOf(exchanges.tokens)}`,
  );
}

function userinfoStep({ userinfo, exchanges }: Run): Html {
  return step(
    '4',
    'The claims of userinfo',
    html`${table('Claims', plain(userinfo ?? {}))} ${exchangesOf(exchanges.userinfo)}`,
  );
}

function step(number: string, title: string, content: Html): Html {
  return html`<section>
    <h2><span class="number">${number}</span> ${title}</h2>
    ${content}
  </section>`;
}

const TIMES = new Set(['exp', 'iat', 'nbf', 'auth_time']);

function table(caption: string, values: Readonly<Record<string, unknown>>): Html {
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <tbody>
      ${Object.entries(values).map(
        ([name, value]) =>
          html`<tr>
            <th scope="row"><code>${name}</code></th>
            <td>${valueText(name, value)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function valueText(name: string, value: unknown): string {
  if (TIMES.has(name) && typeof value === 'number')
    return `${value} (${new Date(value * 1000).toISOString()})`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function jwt(text: string): Html {
  const decoded = decodeJwt(text);
  return html`${decoded ? html`${table('Header', plain(decoded.header))} ${table('Payload', plain(decoded.payload))}` : ''}
    <details>
      <summary>As it was sent</summary>
      ${block('The JWT', text)}
    </details>`;
}

function plain(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : { value };
}

function exchangesOf(exchanges: readonly Exchange[]): Html | string {
  if (exchanges.length === 0) return '';
  return html`<h3>As curl commands</h3>
    ${exchanges.map((exchange) => {
      const { pathname } = new URL(exchange.url);
      return html`<details>
        <summary>
          ${exchange.method} ${pathname} <span class="quiet">${String(exchange.status)}</span>
        </summary>
        ${block('Command', curlOf(exchange))} ${block('Answer', formatted(exchange.answer))}
        ${proofOf(exchange)}
      </details>`;
    })}`;
}

/** The DPoP proof of a request. */
function proofOf({ headers }: Exchange): Html | string {
  const proof = headers.find(([name]) => name.toLowerCase() === 'dpop')?.[1];
  return proof === undefined
    ? ''
    : html`<h4>DPoP proof</h4>
        ${jwt(proof)}`;
}

function formatted(answer: string): string {
  try {
    return JSON.stringify(JSON.parse(answer), null, 2);
  } catch {
    return answer;
  }
}

/** Text in lines that scroll sideways; by keyboard too, so it has a focus and a name. */
function block(name: string, text: string): Html {
  return html`<pre tabindex="0" role="region" aria-label="${name}"><code>${text}</code></pre>`;
}
