/** The reverse proxies with the configurations of deploy/, except their ports, certificates and directories. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installedProgram } from '../../test/support/installed-program.ts';
import { root } from './project.ts';

export interface ReverseProxy {
  readonly name: 'nginx' | 'HAProxy' | 'Caddy';
  /** False, or why it cannot be run. */
  readonly skip: string | false;
  /**
   * @param directory for its files
   * @param port on which it listens, without TLS
   * @param instances the ports of both
   */
  start(directory: string, port: string, instances: readonly [string, string]): Promise<ChildProcess>;
}

export const reverseProxies: readonly ReverseProxy[] = [
  { name: 'nginx', skip: skipWithout('nginx', 'nginx-light'), start: startNginx },
  { name: 'HAProxy', skip: skipWithout('haproxy', 'haproxy'), start: startHaproxy },
  { name: 'Caddy', skip: skipWithout('caddy', 'caddy'), start: startCaddy },
];

function skipWithout(program: string, from: string): string | false {
  return installedProgram(program) === undefined
    ? `${program} is not installed: apt-get install ${from}`
    : false;
}

async function configuration(name: string, [one, two]: readonly [string, string]): Promise<string> {
  const text = await readFile(join(root, 'deploy', name), 'utf8');
  return text.replace('127.0.0.1:3000', `localhost:${one}`).replace('127.0.0.1:3010', `localhost:${two}`);
}

function run(program: string, args: readonly string[], directory: string): ChildProcess {
  // Caddy keeps files in the home directory.
  const env = { PATH: process.env.PATH, HOME: directory };
  return spawn(installedProgram(program) ?? program, args, { stdio: 'ignore', env });
}

async function startNginx(directory: string, port: string, instances: readonly [string, string]) {
  const site = (await configuration('nginx.conf', instances))
    .replace('listen 443 ssl;', `listen ${port};`)
    .replace('server_name login.example.ee;', 'server_name localhost;')
    .replaceAll(/^\s*ssl_certificate.*\n/gm, '');
  const path = join(directory, 'nginx', 'nginx.conf');
  await mkdir(join(directory, 'nginx'), { recursive: true });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(directory, 'nginx', name)};`)
    .join('\n');
  await writeFile(
    path,
    `daemon off; master_process off; pid ${join(directory, 'nginx', 'pid')}; error_log stderr;
     events { }
     http { access_log off; ${temporary}
     ${site} }`,
  );
  return run('nginx', ['-c', path, '-e', 'stderr'], directory);
}

async function startHaproxy(directory: string, port: string, instances: readonly [string, string]) {
  const path = join(directory, 'haproxy.cfg');
  const text = await configuration('haproxy.cfg', instances);
  const listening = text.replace(/bind :443 .*/, `bind 127.0.0.1:${port}`);
  // Only root can change the user and the root directory.
  const isRoot = process.getuid?.() === 0;
  await writeFile(path, isRoot ? listening : listening.replaceAll(/^\s*(?:user|group|chroot) .*\n/gm, ''));
  return run('haproxy', ['-db', '-f', path], directory);
}

async function startCaddy(directory: string, port: string, instances: readonly [string, string]) {
  const path = join(directory, 'Caddyfile');
  const text = (await configuration('Caddyfile', instances))
    .replace('{\n', '{\n\tadmin off\n')
    .replace('login.example.ee', `http://localhost:${port}`);
  await writeFile(path, text);
  return run('caddy', ['run', '--config', path, '--adapter', 'caddyfile'], directory);
}
