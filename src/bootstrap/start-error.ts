import { ConfigError } from '../config/environment.ts';
import { ClientError } from '../oidc/clients/client-validation.ts';
import { ClientsFileError } from '../oidc/clients-file/clients-file-error.ts';
import { KeyError } from '../oidc/keys/key-schedule.ts';
import { SecretKeyError } from '../secrets/embedded-secret-key.ts';
import { SealError } from '../secrets/secrets.ts';
import { StoreError } from '../store/errors.ts';
import { systemReason } from '../system-reason.ts';
import { CertificateFileError } from '../trust/certificate-file.ts';
import { TrustError } from '../trust/trust.ts';
import { ViewsError } from '../web/pages/rendering.ts';

/** Sild cannot start; the message is a sentence for the operator. */
export class StartError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StartError';
  }
}

/**
 * Turns the system's refusal to listen into a sentence that names the variable to change. Other errors of a start are passed
 * on: `EACCES` of a file says nothing about the port.
 *
 * @param host the value of `hostVariable`
 * @param hostVariable `none`: the host is `localhost` always
 */
export function reasonNotToListen(
  variable: string,
  port: number,
  host: string | undefined,
  hostVariable: HostVariable = 'HOST',
): (error: unknown) => never {
  return (error) => {
    const { syscall, code } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
    switch (syscall) {
      case 'listen':
      // The same in a worker.
      case 'bind':
        throw new StartError(sentenceOfListen(error, code, { variable, port, host, hostVariable }), {
          cause: error,
        });
      case 'getaddrinfo':
        throw new StartError(
          `The host name ${host} has no address on this machine (${code}): ${otherHost(hostVariable)}.`,
          { cause: error },
        );
      default:
        throw error;
    }
  };
}

type HostVariable = 'HOST' | 'OPS_HOST' | 'none';

interface Listening {
  readonly variable: string;
  readonly port: number;
  readonly host: string | undefined;
  readonly hostVariable: HostVariable;
}

function sentenceOfListen(
  error: unknown,
  code: string | undefined,
  { variable, port, host, hostVariable }: Listening,
): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use: stop what uses it, or set ${variable} to another one.`;
    case 'EACCES':
      return `Port ${port} needs more rights than this process has: set ${variable} to one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return `This machine does not have the address ${host} (${code}): ${otherHost(hostVariable)}.`;
    default:
      return `Port ${port} cannot be opened (${systemReason(error)}): check ${hostVariable === 'none' ? '' : `${hostVariable} and `}${variable}.`;
  }
}

/** What to do about an address that this machine does not have. */
function otherHost(hostVariable: HostVariable): string {
  return hostVariable === 'none'
    ? 'give this machine that name and its loopback addresses'
    : `set ${hostVariable} to one of its addresses, or leave it empty`;
}

/** What to tell the operator: a sentence where the reason is known, the whole error where it is not. */
export function reasonNotToStart(error: unknown): string {
  return isCommandError(error) ? `${error.message}\n` : `Sild cannot start. ${reasonOf(error)}\n`;
}

/** What to tell the operator when a command fails. It does not say that Sild cannot start: an instance may be running. */
export function reasonOfCommand(error: unknown): string {
  return `${isCommandError(error) ? error.message : reasonOf(error)}\n`;
}

/** Whether the message says why what a command was asked to do cannot be done. */
function isCommandError(error: unknown): error is Error {
  return error instanceof ClientError || error instanceof KeyError || error instanceof CertificateFileError;
}

function reasonOf(error: unknown): string {
  if (error instanceof ConfigError) {
    const lines = error.problems.map(({ variable, message }) => `  ${variable} ${message}`);
    return `Please correct:\n${lines.join('\n')}\nAll variables: docs/configuration.md`;
  }
  if (error instanceof SealError) {
    return `What the database keeps cannot be opened with this SECRET_KEY: ${error.message}.`;
  }
  if (error instanceof TrustError) {
    const lines = error.problems.map((problem) => `  ${problem}`);
    return `Please correct TRUST_DIR:\n${lines.join('\n')}\nWhat is trusted: npx sild trust check`;
  }
  if (error instanceof ClientsFileError) {
    const lines = error.problems.map((problem) => `  ${problem}`);
    return `Please correct the file of clients; nothing is changed:\n${lines.join('\n')}\nIts form: docs/clients.md`;
  }
  if (error instanceof ViewsError) return `VIEWS_DIR: ${error.message}.`;
  if (error instanceof StartError || error instanceof StoreError || error instanceof SecretKeyError) {
    return error.message;
  }
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return `A disk is full: free some space there. The cause: ${error.message}.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : 'Unknown reason.';
}
