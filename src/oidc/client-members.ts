/** What each member of a client's metadata means; docs/client-settings.md is generated from it and from the schema. */
import type { ClientMember } from './clients/client-schema.ts';

export interface MemberDescription {
  /** Markdown. */
  readonly meaning: string;
  /** Markdown; undefined: none. */
  readonly default?: string;
}

/** `client_name#et` and its like are one row. */
type Row<Member> = Member extends `${infer Name}#${string}` ? `${Name}#LANGUAGE` : Member;

/** In the order of the table. */
export const MEMBER_DESCRIPTIONS: Readonly<Record<Row<ClientMember>, MemberDescription>> = {
  client_id: {
    meaning:
      'The ID that is typed counts. It begins with a letter or a digit, and has letters, digits and `. _ ~ : / @ -`.',
  },
  client_secret: {
    meaning:
      'Only for `add`: a secret of your own, at least 16 random characters, for an application that has one already. Otherwise Sild makes one of 32 random bytes and prints it.',
    default: 'made and printed',
  },
  client_name: {
    meaning: 'What people know the service as, at most 100 characters: [branding](branding.md).',
    default: 'the ID',
  },
  'client_name#LANGUAGE': {
    meaning: 'The same in a language: `et`, `lv`, `lt`, `en`, `ru`, `nl`, `fr`, `de`.',
  },
  client_uri: {
    meaning: 'The home page of the service, where the pages of an ended login lead back to.',
    default: 'the origin of the redirect URI',
  },
  initiate_login_uri: {
    meaning:
      'An https address at which the service begins a login: “Start again” leads there, with the parameter `iss` (OpenID Connect Core 4).',
    default: '`client_uri`',
  },
  redirect_uris: {
    meaning:
      'Where people return to after a login; at least one, but for a client that only [asks without a browser](clients.md#logins-without-a-browser-ciba).',
  },
  post_logout_redirect_uris: { meaning: 'Where people may return to after a logout.' },
  application_type: {
    meaning:
      '`native` for an app: redirect URIs on this machine then match with any port, and schemes of apps are allowed.',
    default: '`web`',
  },
  token_endpoint_auth_method: {
    meaning:
      '[How the client authenticates](clients.md#how-a-client-authenticates); `--public` means `none`. `update` cannot give a client a secret or take it away.',
    default: '`client_secret_basic`',
  },
  token_endpoint_auth_signing_alg: {
    meaning:
      'The one algorithm of its assertions: `HS256` for `client_secret_jwt`, the others for `private_key_jwt`.',
    default: 'any',
  },
  jwks: {
    meaning:
      'Its public keys, a JWK Set of at most 10: they verify its assertions and request objects, and Sild encrypts for them.',
  },
  jwks_uri: {
    meaning:
      'An https address of the internet, or of a host in `CLIENT_FETCH_ALLOWED_HOSTS`, with these keys, in place of `jwks`.',
  },
  tls_client_auth_subject_dn: {
    meaning:
      'For `tls_client_auth`, one of these five: the subject of its certificate, like `CN=client,O=Example,C=EE`, the most specific part first. Compared as a whole.',
  },
  tls_client_auth_san_dns: { meaning: 'A host name of its certificate.' },
  tls_client_auth_san_uri: { meaning: 'A URI of its certificate.' },
  tls_client_auth_san_ip: { meaning: 'An IP address of its certificate.' },
  tls_client_auth_san_email: { meaning: 'An e-mail address of its certificate.' },
  tls_client_certificate_bound_access_tokens: {
    meaning: 'Its access tokens are bound to its TLS certificate (RFC 8705, 3).',
    default: '`false`',
  },
  profile: {
    meaning: 'The [FAPI 2.0 Security Profile](clients.md#fapi-20).',
    default: 'none',
  },
  remember_login: {
    meaning:
      'For how long its logins are [remembered](clients.md#remembered-logins): seconds, or a time like `15m`, at most `12h`. Not with `claims_profile` `tara`.',
    default: 'off',
  },
  backchannel_token_delivery_mode: {
    meaning:
      'Lets the client [ask without a browser](clients.md#logins-without-a-browser-ciba) (CIBA): it polls for the answer, or gets a ping.',
    default: 'off',
  },
  backchannel_client_notification_endpoint: {
    meaning:
      'For `ping`: where Sild says that the answer is there. An https address of the internet, or of a host in `CLIENT_FETCH_ALLOWED_HOSTS`.',
  },
  backchannel_authentication_request_signing_alg: {
    meaning: 'Each request without a browser must be a request object that is signed so.',
  },
  backchannel_push_allowed: {
    meaning:
      'The client may ask without a browser although the notification policy is `known-browser`: [why that is a risk](security.md#a-push-without-a-browser).',
    default: '`false`',
  },
  require_signed_request_object: {
    meaning: 'Each request must be a signed request object (RFC 9101).',
    default: '`false`',
  },
  request_object_signing_alg: { meaning: 'The one algorithm of its request objects.', default: 'any' },
  dpop_bound_access_tokens: {
    meaning:
      'Its access tokens must be bound to a key by DPoP (RFC 9449). Without it a client may bind them.',
    default: '`false`',
  },
  require_pkce: {
    meaning: 'Each request needs PKCE with S256. `false` only for a client with a secret.',
    default: '`true`',
  },
  require_pushed_authorization_requests: {
    meaning: 'The client must push its requests to `/par` (RFC 9126).',
    default: '`false`',
  },
  id_token_signed_response_alg: { meaning: 'The algorithm of its ID tokens.', default: '`RS256`' },
  id_token_encrypted_response_alg: {
    meaning:
      'ID tokens are encrypted with the client’s key. As the hint of a logout, send the signed token that is inside.',
  },
  id_token_encrypted_response_enc: {
    meaning: 'The content encryption of its ID tokens.',
    default: '`A128CBC-HS256`',
  },
  userinfo_signed_response_alg: { meaning: 'Userinfo answers with a signed JWT.', default: 'JSON' },
  userinfo_encrypted_response_alg: { meaning: 'Userinfo answers are encrypted.' },
  userinfo_encrypted_response_enc: {
    meaning: 'The content encryption of userinfo answers.',
    default: '`A128CBC-HS256`',
  },
  scope: {
    meaning:
      'The scopes that the client may ask for, separated by spaces: `openid profile identity smart_id age receipt`. [`receipt`](receipts.md) has to be named here.',
    default: 'all but `receipt`',
  },
  subject_type: { meaning: '[Pairwise subjects](claims.md#pairwise-subjects).', default: '`public`' },
  sector_identifier_uri: { meaning: 'For `pairwise` with several hosts.' },
  default_max_age: {
    meaning:
      'With `remember_login`: how old a remembered login may be, in seconds, where the request has no `max_age`. Without it each request makes the person log in anyway.',
    default: 'any age',
  },
  display_text: {
    meaning: 'What the Smart-ID app shows, at most 200 characters: [branding](branding.md).',
    default: 'Log in to NAME',
  },
  'display_text#LANGUAGE': { meaning: 'The same in a language.' },
  logo: { meaning: 'The logo, as `client show` prints it. Give the file with `--logo`.' },
  logo_dark: {
    meaning: 'The same for the dark theme, beside `logo`. Give the file with `--logo-dark`.',
    default: '`logo`, on white',
  },
  accent_color: { meaning: 'The colour of buttons and links, like `#0a6e5c`.' },
  flows: {
    meaning: 'How people log in at this client, of those of `SMARTID_FLOWS`.',
    default: '`SMARTID_FLOWS`',
  },
  notification_policy: {
    meaning:
      'Who gets a push, where that is stricter than `NOTIFICATION_POLICY`: [flows](operations.md#flows).',
    default: '`NOTIFICATION_POLICY`',
  },
  countries: {
    meaning:
      'The countries whose people may log in at this client, of those of `SMARTID_COUNTRIES`, like `[EE, LV]`.',
    default: '`SMARTID_COUNTRIES`',
  },
  certificate_level: {
    meaning: 'The least level at this client: `QUALIFIED`, where `SMARTID_CERTIFICATE_LEVEL` is `ADVANCED`.',
    default: '`SMARTID_CERTIFICATE_LEVEL`',
  },
  relying_party_name: {
    meaning: 'As whom the app shows the relying party: `SMARTID_RP_NAME` or one of `SMARTID_RP_NAMES`.',
    default: '`SMARTID_RP_NAME`',
  },
  claims_profile: {
    meaning:
      '`tara`: the claims in the form of Estonia’s TARA: [claims profiles](claims.md#claims-profiles).',
    default: '`standard`',
  },
  services: {
    meaning:
      'The services behind a client that is a broker: each has `id`, `name`, `name#LANGUAGE`, `uri`, `logo` and `logo_dark` (in a file of clients also `logo_file` and `logo_dark_file`). [Brokers](clients.md#brokers).',
  },
};
