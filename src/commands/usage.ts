import { LANGUAGES } from '../config/languages.ts';

/** The command is unknown or its arguments are invalid. The message is a sentence. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Includes the errors of `parseArgs`: an unknown option, or one without its value. */
export function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

/** @throws {UsageError} when there are surplus arguments */
export function requireNoMore(args: readonly string[]): void {
  const [surplus] = args;
  if (surplus !== undefined) throw new UsageError(`“${surplus}” is not expected here.`);
}

/** Returns the only argument. @throws {UsageError} when there is none or more than one; `what` is its name in the message */
export function onlyOne([one, ...more]: readonly string[], what: string): string {
  if (one === undefined) throw new UsageError(`${what} is missing.`);
  requireNoMore(more);
  return one;
}

/** The error for an unknown or incomplete command. */
export function unknownCommand(...words: readonly (string | undefined)[]): UsageError {
  return new UsageError(`“${words.filter((word) => word !== undefined).join(' ')}” is no command.`);
}

const COMMANDS = `
  serve                 Start Sild (the same as npm start)
  migrate               Bring the database up to this release
  doctor                Check configuration, database, trust, Smart-ID’s TLS certificate and the clock
    --links               and that Smart-ID’s help pages are where the login pages link to
  trust list            List the CA certificates in TRUST_DIR
  trust add FILE        Put the issuing CAs of a file into TRUST_DIR, if they are Smart-ID’s
    --roots               the roots as well
  trust fetch           Download those of SMARTID_ENVIRONMENT that are missing, from SK
    --roots               the roots as well
    --from URL            from there instead; may be repeated
  trust check           Say what is missing, what expires when, and whether Sild would start
  client add ID         Register a client; prints its secret once
    --redirect-uri URI    where to return to after a login; may be repeated, at least one
    --name NAME           what people know the client as (default: its ID)
    --name#LANGUAGE NAME    the same in a language: ${LANGUAGES.join(', ')}
    --display-text TEXT   what the Smart-ID app shows (default: Log in to NAME)
    --display-text#LANGUAGE TEXT   the same in a language
    --logo FILE           its logo, a PNG or SVG of at most 50 kB
    --logo-dark FILE        the same for the dark theme
    --accent COLOUR       the colour of its buttons and links, like '#0a6e5c'
    --uri URI             its home page
    --post-logout-redirect-uri URI   where to return to after a logout; may be repeated
    --public              a client without a secret: a browser or mobile app
    --no-pkce             do not require PKCE, for clients that cannot do it
    --pkce                require it again (default)
    --metadata FILE       JSON with client metadata by its registered names. Besides what has an option here:
                          application_type, backchannel_authentication_request_signing_alg,
                          backchannel_client_notification_endpoint, backchannel_push_allowed,
                          backchannel_token_delivery_mode, certificate_level, claims_profile, client_secret, countries, default_max_age,
                          dpop_bound_access_tokens, flows, id_token_encrypted_response_alg, id_token_encrypted_response_enc,
                          id_token_signed_response_alg, initiate_login_uri, jwks, jwks_uri, notification_policy, profile,
                          relying_party_name, remember_login, request_object_signing_alg, require_pushed_authorization_requests,
                          require_signed_request_object, scope, sector_identifier_uri, services, subject_type,
                          tls_client_auth_san_dns, tls_client_auth_san_email, tls_client_auth_san_ip, tls_client_auth_san_uri,
                          tls_client_auth_subject_dn, tls_client_certificate_bound_access_tokens, token_endpoint_auth_method,
                          token_endpoint_auth_signing_alg, userinfo_encrypted_response_alg, userinfo_encrypted_response_enc,
                          userinfo_signed_response_alg.
                          What each means: docs/client-settings.md
  client update ID      Change a client: options as of client add, lists as a whole; null in FILE takes away
  client secret ID      Give a client a new secret; prints it once
    --keep-old TIME       the old one stays valid for this time, at most 30d: 30m, 24h, 7d
  client show ID        Print the metadata of a client as JSON, without its secret
  client list           List the clients
  client remove ID      Remove a client
  client apply FILE     Make the clients of a file, as of CLIENTS_FILE, those of the database
    --dry-run             only print what would be changed
  client export         Print all clients in the form of CLIENTS_FILE, with hashes of their secrets
  receipt verify FILE   Verify the receipt of a login once more; needs no network and no database
    --keys FILE           the key set of the Sild that gave it: sild keys export, or its /jwks of that day
    --evidence-only       verify no more than Smart-ID’s part, in place of --keys
    --at TIME             as of that time (default: when Sild verified the login)
    --ca DIR              the CA certificates to trust (default: TRUST_DIR)
    --crl FILE            a revocation list, in DER, that is too long for the receipt; may be repeated
    --without-revocation  accept a login whose revocation was not checked
  browsers list PERSON  List the browsers that know a person, and until when: PNOEE-47101010033
  browsers forget PERSON  Make the browsers unknown that a person has used, and end their logins: PNOEE-47101010033
  report                Count the logins of the last 24 hours: outcomes, causes, times, gaps, what expires
    --week                of the last 7 days
    --client ID           of one client alone
  audit show REFERENCE  Tell what happened in a login or a request, and what to do: K7Q4-M2XF
  audit person PERSON   List the logins of a person: PNOEE-47101010033
  audit verify          Say whether the audit is whole, and where it ends
    --since HEAD          and still has what ended there before
  audit rebuild-figures  Count the audit again for the operator’s page: after an update, or of a restored database
  audit export          Print the audit as JSON lines
    --from TIME           from that day or time on: 2031-04-05, 2031-04-05T12:00:00Z
    --to TIME             before that day or time
    --person IDENTIFIER   of one person alone: PNOEE-47101010033
  keys list             List the keys that sign ID tokens, and which SECRET_KEY seals how much
  keys rotate           Let the next keys sign from now on
    --now                 replace every key at once: they are compromised
  keys retire KID       Remove a key that does not sign, before its time
  keys export           Print the public keys, also of those that were removed, as a JWK Set: for receipt verify
  keys reencrypt        Seal everything in the database with the first SECRET_KEY
`;

/** One block per command, with its options. */
const BLOCKS = COMMANDS.slice(1).split(/^(?= {2}\S)/m);

const HEADING = 'Usage: sild COMMAND\n\n';
const SETTINGS =
  '\nEvery command has --json: it prints one JSON document, and audit export JSON lines.\nAll settings are environment variables: docs/configuration.md\n';

/** Usage of the typed command. If it is unknown: the commands of its group, or all commands, without options. */
export function usageOf([command = '', action = '']: readonly string[]): string {
  const startingWith = (words: string) =>
    BLOCKS.filter((block) => `${block.trimStart()} `.startsWith(`${words} `));
  const one = startingWith(`${command} ${action}`.trim());
  if (one.length === 1) return HEADING + one.join('');
  const group = startingWith(command);
  return HEADING + (group.length > 0 ? group : BLOCKS).map(firstLine).join('');
}

/** Every command with its options. */
export function fullUsage(): string {
  return HEADING + BLOCKS.join('') + SETTINGS;
}

function firstLine(block: string): string {
  return block.slice(0, block.indexOf('\n') + 1);
}
