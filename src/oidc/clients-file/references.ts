/**
 * What a file of clients refers to instead of containing it: `${NAME}` in any text is a variable of the environment,
 * `client_secret_file`, `logo_file` and `logo_dark_file` are files, relative to the one that names them.
 *
 * A secret is given by reference, or as its SHA-256: a file of clients is often in a repository, which must hold no secrets.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Environment } from '../../config/environment.ts';
import { inWords, problemsOf } from '../../schema-problems.ts';
import { systemReason } from '../../system-reason.ts';
import { logoMetadataOf } from '../clients/client-logo.ts';
import { authMethodOf, clientSecret } from '../clients/client-schema.ts';
import { hasSecret } from '../clients/clients.ts';
import { hashedSecret } from '../clients/secrets/secret-hash.ts';

/** Reports a problem at a member of the client that is read. */
export type Report = (path: readonly PropertyKey[], problem: string) => unknown;

/** Members that a file has besides the metadata. */
export const FILE_MEMBERS = [
  'client_secret_file',
  'client_secret_sha256',
  'logo_file',
  'logo_dark_file',
] as const;

const SECRETS = ['client_secret', 'client_secret_file', 'client_secret_sha256'] as const;
const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

type Members = Readonly<Record<string, unknown>>;

/** Replaces `${NAME}` in every text. Spaces around a value do not count, as in the variables of Sild itself. */
export function withVariables(members: Members, environment: Environment, report: Report): Members {
  return replaced(members, []) as Members;

  function replaced(value: unknown, path: readonly PropertyKey[]): unknown {
    if (typeof value === 'string') {
      return value.replaceAll(VARIABLE, (_reference, name: string) => {
        const text = environment[name]?.trim();
        if (text === undefined || text === '') report(path, `the environment has no ${name}`);
        return text ?? '';
      });
    }
    if (Array.isArray(value)) return value.map((item, index) => replaced(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, replaced(member, [...path, name])]),
    );
  }
}

/**
 * The secret as it is stored.
 *
 * @param written the members as they are in the file, before `withVariables`
 * @returns undefined for a client without a secret, and after a problem
 */
export function resolveSecret(
  written: Members,
  given: Members,
  directory: string,
  report: Report,
): string | undefined {
  const [name, more] = SECRETS.filter((member) => member in given);
  const method = authMethodOf(given);
  if (name === undefined) {
    if (hasSecret(method))
      report(
        [],
        `a secret is missing: ${SECRETS.join(', ')}, or token_endpoint_auth_method none or private_key_jwt`,
      );
    return undefined;
  }
  if (!hasSecret(method)) report([name], `a client with token_endpoint_auth_method ${method} has no secret`);
  if (name === 'client_secret_sha256' && method === 'client_secret_jwt')
    report(
      [name],
      'client_secret_jwt needs the secret itself: a hash is not enough to verify a signature with',
    );
  if (more !== undefined) report([more], `${name} and ${more} contradict each other: give one of them`);
  switch (name) {
    case 'client_secret':
      return secretOf(given.client_secret, isReference(written.client_secret), report);
    case 'client_secret_file': {
      const secret = readText('client_secret_file', given, directory, report);
      return secret && acceptable('client_secret_file', secret.toString().trim() || '(empty)', report);
    }
    case 'client_secret_sha256':
      return hashesOf(given.client_secret_sha256, report);
  }
}

/** Without the members of {@link FILE_MEMBERS}, and with what their files hold. A service has logos like a client. */
export function resolveFiles(given: Members, directory: string, report: Report): Members {
  const { client_secret_file: _, client_secret_sha256: __, ...rest } = given;
  const { services } = rest;
  return {
    ...resolveLogos(rest, directory, report),
    ...(Array.isArray(services) && {
      services: services.map((service: unknown, index) =>
        isMembers(service)
          ? resolveLogos(service, directory, (path, problem) => report(['services', index, ...path], problem))
          : service,
      ),
    }),
  };
}

function resolveLogos(given: Members, directory: string, report: Report): Members {
  const { logo_file: _, logo_dark_file: __, ...rest } = given;
  return { ...rest, ...logoOf('logo'), ...logoOf('logo_dark') };

  function logoOf(member: 'logo' | 'logo_dark'): Members {
    const name = `${member}_file`;
    if (given[name] === undefined) return {};
    if (given[member] !== undefined)
      report([name], `${member} and ${name} contradict each other: give one of them`);
    const logo = readText(name, given, directory, report);
    return logo ? { [member]: logoMetadataOf(logo) } : {};
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function secretOf(secret: unknown, isReferred: boolean, report: Report): string | undefined {
  if (typeof secret === 'string' && isReferred) return acceptable('client_secret', secret, report);
  report(
    ['client_secret'],
    'client_secret is not written into the file: refer to it as ${NAME}, or give client_secret_file or client_secret_sha256',
  );
  return undefined;
}

function isReference(written: unknown): boolean {
  return typeof written === 'string' && written.replaceAll(VARIABLE, '').trim() === '' && written !== '';
}

function acceptable(name: string, secret: string, report: Report): string | undefined {
  // A variable that the environment does not have is a problem already.
  if (secret === '') return undefined;
  const parsed = clientSecret.safeParse(secret, inWords);
  if (parsed.success) return secret;
  for (const { text } of problemsOf(parsed.error)) report([name], `the secret of ${name} ${text}`);
  return undefined;
}

const hash = z.string().regex(/^[0-9a-f]{64}$/i);
const hashes = z.union([hash.transform((one) => [one]), z.array(hash).min(1).max(2)]);

function hashesOf(given: unknown, report: Report): string | undefined {
  const parsed = hashes.safeParse(given);
  if (parsed.success) return hashedSecret(parsed.data.map((one) => one.toLowerCase()));
  report(
    ['client_secret_sha256'],
    'client_secret_sha256 must have 64 hexadecimal digits, or be a list of two such: the new and the old secret',
  );
  return undefined;
}

function readText(name: string, given: Members, directory: string, report: Report): Buffer | undefined {
  const path = given[name];
  try {
    if (typeof path !== 'string') throw new TypeError('no path');
    return readFileSync(resolve(directory, path));
  } catch (cause) {
    const reason =
      typeof path === 'string' ? `: ${path} (${systemReason(cause)})` : ': it is the path of a file';
    report([name], `${name} cannot be read${reason}`);
    return undefined;
  }
}
