/**
 * DATABASE_URL is judged by the driver's own parser, so that what passes here is what the driver connects to. Parsers of URLs
 * disagree about a raw `@`, `/`, `?` or `#` in a password, and then take a part of it for a host, which messages name. So a
 * value in which a password could be cut is refused, and no message repeats any part of the value except the paths of files.
 */
import { parseIntoClientConfig } from 'pg-connection-string';
import { z } from 'zod';
import { isDecodable } from './variable.ts';

const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];
/** Sild sets them itself (src/store/drivers/session.ts). */
const OWN_PARAMETERS = [
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'query_timeout',
];

/** Accepts a URL of PostgreSQL; its value is the URL for the driver. */
export function databaseUrl(): z.ZodType<string> {
  return z.string().transform((text, context) => {
    // The driver would encode a space too, but with it every other `%`.
    const url = withPinnedSslMode(text.replaceAll(' ', '%20'));
    const problem = problemOf(url);
    if (problem === undefined) return url;
    context.addIssue({ code: 'custom', message: problem });
    return z.NEVER;
  });
}

function problemOf(url: string): string | undefined {
  const { rest } = /^postgres(?:ql)?:\/\/[^/?#]*(?<rest>.*)$/is.exec(url)?.groups ?? {};
  if (rest === undefined) return 'must be a URL that begins with postgres://';
  // The driver percent-decodes user, password and database.
  if (!isDecodable(url)) return 'has a % that encodes nothing: write %25 for a % itself';
  if (/[@#]/.test(rest)) {
    return 'has a / ? # or @ in the user or password, or an @ or # after them: write %2F, %3F, %23 and %40';
  }
  const parsed = parsedByDriver(url);
  if ('problem' in parsed) return parsed.problem;
  if (parsed.host?.includes(',')) {
    return 'has several hosts: name one that always leads to the primary (a DNS name, a virtual address, a pooler)';
  }
  const parameters = new URLSearchParams(/\?(.*)$/s.exec(rest)?.[1]);
  const mode = parameters.get('sslmode');
  if (mode !== null && !SSL_MODES.includes(mode)) return `sslmode must be one of ${SSL_MODES.join(', ')}`;
  const own = OWN_PARAMETERS.find((name) => parameters.has(name));
  if (own !== undefined) return `must not have ${own}: Sild sets its time limits itself`;
  return undefined;
}

/** The driver reads the files that the URL names. */
function parsedByDriver(url: string): { readonly host?: string | undefined } | { readonly problem: string } {
  try {
    return parseIntoClientConfig(url);
  } catch (error) {
    if (error instanceof Error && 'path' in error && 'code' in error) {
      return {
        problem: `names the file ${String(error.path)}, which cannot be read (${String(error.code)})`,
      };
    }
    return {
      problem:
        'cannot be parsed: postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %2F for a / in the password',
    };
  }
}

/**
 * The driver treats these modes as `verify-full`, with a warning that its next release will not. With `uselibpqcompat=true`
 * the operator has chosen the weaker meaning.
 */
function withPinnedSslMode(url: string): string {
  if (/[?&]uselibpqcompat=true(?:&|$)/.test(url)) return url;
  return url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
}
