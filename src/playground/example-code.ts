/** The program that does what a run does, with openid-client. It is complete: the test runs it. */
import { CLIENT_SECRET, clientOf, type PlaygroundClient } from './clients.ts';
import { maxAgeOf, parametersOf, type Settings } from './settings.ts';

/** @param redirectUri the one that is registered */
export function exampleCode(settings: Settings, issuer: string, redirectUri: string): string {
  const client = clientOf(settings.client);
  const needsKey = settings.jar || client.authentication === 'private_key_jwt';
  const isHttp = new URL(issuer).protocol === 'http:';
  const parameters = { redirect_uri: redirectUri, ...parametersOf(settings) };
  const dpop = settings.dpop ? ['DPoP'] : [];
  const kept = ['state', 'nonce', ...(settings.pkce ? ['codeVerifier'] : []), ...dpop].join(', ');
  const options = settings.dpop ? ', { DPoP }' : '';
  const maxAge = maxAgeOf(settings);
  return [
    `import * as client from 'openid-client';`,
    '',
    ...(needsKey
      ? [
          `// Your private key; its public half is registered in jwks.`,
          `const { kid, ...jwk } = JSON.parse(process.env.CLIENT_KEY);`,
          `const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };`,
          `const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign']);`,
          '',
        ]
      : []),
    `const config = await client.discovery(`,
    `  new URL(${literal(issuer)}),`,
    `  ${literal(client.id)},`,
    `  { id_token_signed_response_alg: ${literal(client.idTokenAlg)} },`,
    `  ${authentication(client)},`,
    ...(isHttp ? [`  // http is for this machine only.`] : []),
    `  { execute: [client.enableNonRepudiationChecks${isHttp ? ', client.allowInsecureRequests' : ''}] },`,
    `);`,
    '',
    `/** Keep what it returns with the browser's session, and send the browser to the address. */`,
    `export async function begin(${settings.id_token_hint ? 'idTokenHint' : ''}) {`,
    `  const [state, nonce] = [client.randomState(), client.randomNonce()];`,
    ...(settings.pkce ? [`  const codeVerifier = client.randomPKCECodeVerifier();`] : []),
    ...(settings.dpop
      ? [`  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));`]
      : []),
    `  ${settings.jar ? 'let' : 'const'} parameters = new URLSearchParams({`,
    ...Object.entries(parameters).map(([name, value]) => `    ${name}: ${literal(value)},`),
    `    state,`,
    `    nonce,`,
    ...(settings.pkce
      ? [
          `    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),`,
          `    code_challenge_method: 'S256',`,
        ]
      : []),
    ...(settings.dpop && !settings.par ? [`    dpop_jkt: await DPoP.calculateThumbprint(),`] : []),
    ...(settings.id_token_hint ? [`    id_token_hint: idTokenHint,`] : []),
    `  });`,
    ...(settings.jar
      ? [
          `  // JAR: the parameters as a signed request object`,
          `  const signed = await client.buildAuthorizationUrlWithJAR(config, parameters, { key, kid });`,
          `  parameters = signed.searchParams;`,
        ]
      : []),
    ...(settings.par
      ? [
          `  // PAR: they are sent to Sild first`,
          `  const address = await client.buildAuthorizationUrlWithPAR(config, parameters${options});`,
        ]
      : [`  const address = client.buildAuthorizationUrl(config, parameters);`]),
    `  return { address, ${kept} };`,
    `}`,
    '',
    `/** At the redirect URI: with the address that the browser asked for${answerKind(settings)}. */`,
    `export async function finish(currentUrl, { ${kept} }) {`,
    `  const tokens = await client.authorizationCodeGrant(config, currentUrl, {`,
    `    expectedState: state,`,
    `    expectedNonce: nonce,`,
    `    idTokenExpected: true,`,
    ...(settings.pkce ? [`    pkceCodeVerifier: codeVerifier,`] : []),
    ...(maxAge === undefined ? [] : [`    maxAge: ${maxAge},`]),
    `  }${settings.dpop ? ', undefined, { DPoP }' : ''});`,
    `  const claims = tokens.claims();`,
    `  const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub${options});`,
    `  return { tokens, claims, userinfo };`,
    `}`,
    '',
  ].join('\n');
}

function answerKind({ response_mode: mode }: Settings): string {
  switch (mode) {
    case 'form_post':
      return ', or the Request that was posted';
    case 'fragment':
      return ', with the fragment as its query';
    case '':
    case 'query':
      return '';
  }
}

function authentication({ authentication: method }: PlaygroundClient): string {
  switch (method) {
    case 'client_secret_basic':
      return `client.ClientSecretBasic(${literal(CLIENT_SECRET)})`;
    case 'client_secret_post':
      return `client.ClientSecretPost(${literal(CLIENT_SECRET)})`;
    case 'private_key_jwt':
      return 'client.PrivateKeyJwt({ key, kid })';
    case 'none':
      return 'client.None()';
  }
}

/** A string literal of JavaScript, out of which no text can break. */
function literal(text: string): string {
  return JSON.stringify(text);
}
