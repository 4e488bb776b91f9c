/** The commands that work on the database: `migrate`, `client`, `audit`, `report`, `browsers` and `keys`. */
import type { Audit } from '../audit/audit.ts';
import { loadClientFetchHosts } from '../config/config.ts';
import type { OperatorSettings } from '../oidc/login-settings/login-settings.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Store } from '../store/store.ts';
import { answer, withoutJsonOption } from './json-output.ts';
import { requireNoMore, unknownCommand } from './usage.ts';

export interface StoreCommandContext {
  readonly operator: OperatorSettings;
  readonly store: Store;
  readonly secrets: Secrets;
  readonly audit: Audit;
  /** Of whoever calls the command. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Prints a line after the audit has stored the command's events. */
  readonly report: (line: string) => void;
  /** Prints a line at once. Rejects when the reader has closed the output. */
  readonly print: (line: string) => Promise<void>;
  /** Prints an error line at once. */
  readonly complain: (line: string) => void;
}

/** Resolves with the exit status. */
export type StoreCommand = (context: StoreCommandContext) => Promise<number>;

/**
 * Parses the words of a command; nothing is opened yet. Each command loads only the modules that it needs.
 *
 * @param directory the working directory of whoever calls the command: files are relative to it
 * @throws {UsageError}, the TypeError of `parseArgs`, and {ClientError} for a file that cannot be read
 */
export async function storeCommand(typed: readonly string[], directory: string): Promise<StoreCommand> {
  const { words, json } = withoutJsonOption(typed);
  const [name, ...args] = words;
  switch (name) {
    case 'migrate':
      requireNoMore(args);
      // Whoever opens the database brings it up to date.
      return ({ report }) => {
        answer({ json, print: report }, { up_to_date: true }, ['The database is up to date.']);
        return Promise.resolve(0);
      };
    case 'client': {
      const { clientCommand } = await import('./client.ts');
      const act = clientCommand(args, directory);
      const { createClientRegistry } = await import('../oidc/clients/clients.ts');
      const { validateFor } = await import('../oidc/clients/client-validation.ts');
      const { createClientFetch } = await import('../oidc/clients/client-fetch.ts');
      return ({ store: { records }, operator, report, environment, ...context }) => {
        const fetch = createClientFetch({ allowedHosts: loadClientFetchHosts(environment) });
        const validate = validateFor(operator, fetch);
        const clients = createClientRegistry(records, validate);
        return act({ ...context, environment, json, clients, validate, records, print: report });
      };
    }
    case 'audit': {
      const { auditCommand } = await import('./audit.ts');
      const act = auditCommand(args);
      return ({ store, ...context }) => act({ ...context, json, store: store.audit, figures: store.figures });
    }
    case 'report': {
      const { reportCommand } = await import('./history/report.ts');
      const act = reportCommand(args);
      return ({ store, ...context }) => act({ ...context, json, store: store.audit });
    }
    case 'browsers': {
      const { browsersCommand } = await import('./browsers.ts');
      const act = browsersCommand(args);
      return ({ store: { attempts, knownBrowsers, records }, report, ...context }) =>
        act({ ...context, json, attempts, knownBrowsers, records, print: report });
    }
    case 'keys': {
      const { keysCommand } = await import('./keys.ts');
      const act = keysCommand(args);
      return ({ report, ...context }) => act({ ...context, json, print: report });
    }
    default:
      throw unknownCommand(name);
  }
}
