import { ConfigError } from './config/environment.ts';
import { ClientError } from './oidc/clients.ts';
import { KeyError } from './oidc/key-schedule.ts';
import { SecretKeyError } from './secrets/embedded-secret-key.ts';
import { SealError } from './secrets/secrets.ts';
import { StoreError } from './store/errors.ts';
import { KeepingError } from './trust/keeping.ts';
import { TrustError } from './trust/trust.ts';
import { ViewsError } from './web/rendering.ts';

/** Sild cannot start; the message is a sentence for the operator. */
export class StartError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StartError';
  }
}

/** Turns the system's refusal of a port into a sentence that names the variable to change. */
export function portUsed(variable: string, port: number): (error: unknown) => never {
  return (error) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    switch (code) {
      case 'EADDRINUSE':
        throw new StartError(
          `Port ${port} is in use: stop what uses it, or set ${variable} to another one.`,
          { cause: error },
        );
      case 'EACCES':
        throw new StartError(
          `Port ${port} needs more rights than this process has: set ${variable} to one above 1023.`,
          {
            cause: error,
          },
        );
      default:
        throw error;
    }
  };
}

/** What to tell the operator: a sentence where the reason is known, the whole error where it is not. */
export function reasonNotToStart(error: unknown): string {
  if (error instanceof ConfigError) {
    const lines = error.problems.map(({ variable, message }) => `  ${variable} ${message}`);
    return `Sild cannot start. Please correct:\n${lines.join('\n')}\nAll variables: docs/configuration.md\n`;
  }
  if (error instanceof SealError) {
    return `Sild cannot start. What the database keeps cannot be opened with this SECRET_KEY: ${error.message}.\n`;
  }
  if (error instanceof TrustError) {
    const lines = error.problems.map((problem) => `  ${problem}`);
    return `Sild cannot start. Please correct TRUST_DIR:\n${lines.join('\n')}\nWhat is trusted: npx sild trust check\n`;
  }
  if (error instanceof ViewsError) return `Sild cannot start. VIEWS_DIR: ${error.message}.\n`;
  if (error instanceof ClientError || error instanceof KeyError || error instanceof KeepingError) {
    return `${error.message}\n`;
  }
  if (error instanceof StartError || error instanceof StoreError || error instanceof SecretKeyError) {
    return `Sild cannot start. ${error.message}\n`;
  }
  return `Sild cannot start. ${error instanceof Error ? (error.stack ?? error.message) : 'Unknown reason.'}\n`;
}
