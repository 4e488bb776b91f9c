/** A Keycloak that runs with the realm of the example, and its administration by HTTP. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer } from '../support/programs.ts';
import { EXAMPLES } from '../support/surroundings.ts';
import { copyKeycloak } from './distribution.ts';

export interface KeycloakUser {
  readonly id: string;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
}

export interface Keycloak {
  readonly url: string;
  /** The issuer of the example's realm. */
  readonly realm: string;
  /** Of the user “admin” of the realm “master”. */
  readonly adminPassword: string;
  /** The users of the realm. */
  users(): Promise<readonly KeycloakUser[]>;
  /** Sends a request to the administration of the realm. @returns the parsed answer */
  administrate(method: string, path: string, body?: unknown): Promise<unknown>;
  output(): string;
  stop(): Promise<void>;
}

/** @param variables those that realm.json names */
export async function startKeycloak(
  installed: string,
  directory: string,
  port: number,
  variables: Readonly<Record<string, string>>,
): Promise<Keycloak> {
  const home = join(directory, 'keycloak');
  await copyKeycloak(installed, home);
  await mkdir(join(home, 'data', 'import'), { recursive: true });
  await cp(join(EXAMPLES, 'keycloak', 'realm.json'), join(home, 'data', 'import', 'realm.json'));
  const url = `http://localhost:${port}`;
  const realm = `${url}/realms/sild`;
  const password = randomBytes(16).toString('hex');
  const args = ['start', '--optimized', '--import-realm', '--http-enabled=true', '--http-host=127.0.0.1'];
  const running = await startServer(
    {
      program: join(home, 'bin', 'kc.sh'),
      args: [...args, `--http-port=${port}`, `--hostname=${url}`],
      directory: home,
      environment: {
        ...variables,
        KC_BOOTSTRAP_ADMIN_USERNAME: 'admin',
        KC_BOOTSTRAP_ADMIN_PASSWORD: password,
        JAVA_OPTS_KC_HEAP: '-Xms128m -Xmx768m',
      },
    },
    `${realm}/.well-known/openid-configuration`,
  );

  return {
    url,
    realm,
    adminPassword: password,
    users: () => administrate('GET', '/users') as Promise<readonly KeycloakUser[]>,
    administrate,
    output: () => running.output(),
    stop: () => running.stop(),
  };

  async function administrate(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${url}/admin/realms/sild${path}`, {
      method,
      headers: { authorization: `Bearer ${await administratorsToken()}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  async function administratorsToken(): Promise<string> {
    const answer = await fetch(`${url}/realms/master/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: 'admin-cli',
        grant_type: 'password',
        username: 'admin',
        password,
      }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    return token;
  }
}
