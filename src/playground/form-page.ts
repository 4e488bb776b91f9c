import { html, type Html } from '../sample-app/html.ts';
import { CLIENTS, SCOPES, SERVICES } from './clients.ts';
import {
  ASKING_SERVICES,
  LEVELS,
  type Problems,
  PROMPTS,
  RESPONSE_MODES,
  type SettingName,
  type Settings,
  SWITCHES,
} from './settings.ts';
import { PATH, playgroundPage } from './site.ts';

const LABELS: Readonly<Record<SettingName, string>> = {
  client: 'Client',
  scope: 'Scopes',
  claims: 'claims',
  prompt: 'prompt',
  acr_values: 'acr_values',
  max_age: 'max_age',
  login_hint: 'login_hint',
  ui_locales: 'ui_locales',
  service: 'service',
  response_mode: 'response_mode',
  pkce: 'PKCE',
  par: 'PAR',
  jar: 'JAR',
  dpop: 'DPoP',
  id_token_hint: 'id_token_hint',
};

const SWITCH_HINTS: Readonly<Record<(typeof SWITCHES)[number], string>> = {
  pkce: 'The code is of use only to who began (RFC 7636). Without it, Sild refuses these clients.',
  par: 'The parameters go to Sild first, and the browser carries a reference (RFC 9126).',
  jar: 'The parameters go as a signed request object (RFC 9101).',
  dpop: 'The access token is bound to a key of the client (RFC 9449).',
  id_token_hint: 'The ID token of your last login with this client: only that person may log in.',
};

export function formPage(settings: Settings, problems: Problems): string {
  const wrong = Object.keys(problems) as SettingName[];
  const title = 'Build an authorization request';
  return playgroundPage(
    wrong.length === 0 ? title : `Problem: ${title}`,
    html`<h1>${title}</h1>
      <p>
        Choose what the application asks for. You then see the request, send it, log in, and see code, tokens
        and claims, step by step.
      </p>
      ${wrong.length === 0 ? '' : summary(problems, wrong)}
      <form method="post" action="${PATH}/runs">
        <fieldset>
          <legend>Client</legend>
          ${CLIENTS.map(({ id, title: name, hint }) =>
            option('radio', 'client', id, settings.client === id, name, hint),
          )}
        </fieldset>
        <fieldset id="scope">
          <legend>Scopes</legend>
          <div class="inline">
            ${SCOPES.map((scope) =>
              option('checkbox', 'scope', scope, settings.scope.includes(scope), scope),
            )}
          </div>
        </fieldset>
        <fieldset>
          <legend>How it is sent</legend>
          ${SWITCHES.filter((name) => name !== 'id_token_hint').map((name) => toggle(name, settings))}
          ${select('response_mode', settings, RESPONSE_MODES, 'How the answer comes back.', () => undefined)}
        </fieldset>
        <fieldset>
          <legend>About the login</legend>
          <div class="columns">
            ${select('prompt', settings, PROMPTS, 'Whether the person is asked.', () => undefined)}
            ${select('acr_values', settings, LEVELS, 'The least level of assurance.', (value) =>
              value.split('/').at(-1),
            )}
            ${input('max_age', settings, problems, 'Seconds since the login, like 0 or 300.')}
            ${input('login_hint', settings, problems, 'Who may log in, like PNOEE-40504040001.')}
            ${input('ui_locales', settings, problems, 'Languages of the pages, like et en.')}
            ${select('service', settings, ASKING_SERVICES, 'For which service of a broker.', serviceName)}
          </div>
          ${toggle('id_token_hint', settings)} ${claimsField(settings, problems)}
        </fieldset>
        <button class="button">Show the request</button>
      </form>`,
  );
}

function summary(problems: Problems, wrong: readonly SettingName[]): Html {
  return html`<div class="problem" role="alert" tabindex="-1">
    <h2>The request cannot be built</h2>
    <ul>
      ${wrong.map((name) => html`<li><a href="#${name}">${LABELS[name]}</a> ${problems[name] ?? ''}</li>`)}
    </ul>
  </div>`;
}

function option(
  type: 'radio' | 'checkbox',
  name: SettingName,
  value: string,
  checked: boolean,
  text: string,
  hint?: string,
): Html {
  const id = `${name}-${value}`;
  return html`<div class="option">
    <input type="${type}" name="${name}" value="${value}" id="${id}" ${checked ? html`checked` : ''} />
    <label for="${id}">${text}${hint === undefined ? '' : html` <span class="quiet">${hint}</span>`}</label>
  </div>`;
}

function toggle(name: (typeof SWITCHES)[number], settings: Settings): Html {
  return option('checkbox', name, '1', settings[name], LABELS[name], SWITCH_HINTS[name]);
}

function field(name: SettingName, hint: string, problem: string | undefined, control: Html): Html {
  return html`<div class="field">
    <label for="${name}"><code>${LABELS[name]}</code></label>
    <p class="hint" id="${name}-hint">${hint}</p>
    ${problem === undefined ? '' : html`<p class="wrong" id="${name}-problem">${name} ${problem}</p>`}
    ${control}
  </div>`;
}

function input(
  name: 'max_age' | 'login_hint' | 'ui_locales',
  settings: Settings,
  problems: Problems,
  hint: string,
): Html {
  return field(
    name,
    hint,
    problems[name],
    html`<input
      name="${name}"
      id="${name}"
      value="${settings[name]}"
      autocomplete="off"
      spellcheck="false"
      ${describedBy(name, problems)}
    />`,
  );
}

function claimsField(settings: Settings, problems: Problems): Html {
  const example = '{"id_token":{"acr":{"essential":true,"values":["http://eidas.europa.eu/LoA/high"]}}}';
  return field(
    'claims',
    `Single claims, as a JSON object like ${example}.`,
    problems.claims,
    // The line break after the tag is not part of the text.
    html`<textarea name="claims" id="claims" rows="4" spellcheck="false" ${describedBy('claims', problems)}>
${settings.claims}</textarea>`,
  );
}

function describedBy(name: SettingName, problems: Problems): Html {
  return problems[name] === undefined
    ? html`aria-describedby="${name}-hint"`
    : html`aria-describedby="${name}-hint ${name}-problem" aria-invalid="true"`;
}

function select(
  name: 'prompt' | 'acr_values' | 'service' | 'response_mode',
  settings: Settings,
  values: readonly string[],
  hint: string,
  textOf: (value: string) => string | undefined,
): Html {
  return field(
    name,
    hint,
    undefined,
    html`<select name="${name}" id="${name}" aria-describedby="${name}-hint">
      ${values.map(
        (value) =>
          html`<option value="${value}" ${settings[name] === value ? html`selected` : ''}>
            ${value === '' ? 'not sent' : (textOf(value) ?? value)}
          </option>`,
      )}
    </select>`,
  );
}

function serviceName(value: string): string {
  return SERVICES.find(({ id }) => id === value)?.name ?? `${value} (not registered: refused)`;
}
