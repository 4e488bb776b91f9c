/** A person's history in words, and as JSON. */
import { networkOf } from '../../audit/network.ts';
import type { AuditStore } from '../../audit/audit-store.ts';
import type { LoginOfAudit } from '../../audit/logins.ts';
import { type LoginsPage, loginsOfPerson } from '../../audit/person-logins.ts';
import type { Language } from '../../config/languages.ts';
import { pseudonymsOf } from '../../secrets/secrets.ts';
import type { Messages } from '../messages/messages.ts';
import type { HistoryEntry } from '../pages/page-models.ts';

export interface HistoryDependencies {
  readonly audit: Pick<AuditStore, 'viewBriefly'>;
  /** The name of a client in a language; undefined if it does not exist any more. */
  readonly clientName: (id: string, language: Language) => Promise<string | undefined>;
}

/** A login, with what the person can compare. */
export interface HistoryLogin extends LoginOfAudit {
  readonly service: string;
  /** The same number for the same network; numbers are of this list alone. Undefined: not known. */
  readonly networkNumber: number | undefined;
  /** Whether it came from the network that the person uses now. */
  readonly isThisNetwork: boolean;
}

export interface History {
  readonly logins: readonly HistoryLogin[];
  readonly total: number;
}

/** @param address of the browser that asks */
export async function historyOf(
  { audit, clientName }: HistoryDependencies,
  {
    person,
    address,
    language,
  }: { readonly person: string; readonly address: string; readonly language: Language },
  page: LoginsPage,
): Promise<History> {
  const found = await audit.viewBriefly(async (view) => {
    const here = pseudonymsOf(view.keys, networkOf(address));
    return { ...(await loginsOfPerson(view, pseudonymsOf(view.keys, person), page)), here };
  });
  const ids = [...new Set(found.logins.map(({ client }) => client))];
  const names = new Map(
    await Promise.all(ids.map(async (id) => [id, (await clientName(id, language)) ?? id] as const)),
  );
  const networks = [...new Set(found.logins.flatMap(({ network }) => network ?? []))];
  const logins = found.logins.map((login) => ({
    ...login,
    service: names.get(login.client) ?? login.client,
    networkNumber: login.network === undefined ? undefined : networks.indexOf(login.network) + 1,
    isThisNetwork: login.network !== undefined && found.here.includes(login.network),
  }));
  return { logins, total: found.total };
}

export function entryOf(login: HistoryLogin, messages: Messages): HistoryEntry {
  const { history } = messages;
  const { networkNumber: number } = login;
  return {
    at: new Date(login.at).toISOString(),
    time: timeText(login.at, messages),
    service: login.service,
    outcome: outcomeText(login, messages),
    succeeded: login.outcome === 'finished',
    how: login.backchannel
      ? history.ways.backchannel
      : WAYS.has(login.flow)
        ? history.ways[login.flow as Way]
        : login.flow,
    browser: login.browser,
    network: number === undefined ? undefined : history.network(number),
    isThisNetwork: login.isThisNetwork,
    advice: adviceFor(login, messages),
    reference: login.reference,
  };
}

type Way = Exclude<keyof Messages['history']['ways'], 'backchannel'>;
const WAYS: ReadonlySet<string> = new Set<Way>(['qr', 'web2app', 'notification']);

function outcomeText(
  { outcome, code, limited }: LoginOfAudit,
  { history, outcomes, notices }: Messages,
): string {
  switch (outcome) {
    case 'finished':
      return history.outcomes.finished;
    case 'cancelled':
      return history.outcomes.cancelled;
    case 'open':
      return history.outcomes.open;
    case 'failed':
      if (code !== undefined && Object.hasOwn(outcomes, code))
        return outcomes[code as keyof typeof outcomes].heading;
      if (limited) return history.outcomes.limited;
      return code === 'browser_not_known' || code === 'way_not_offered'
        ? notices.pushNotAllowed.heading
        : history.outcomes.failed;
  }
}

/** Ends that somebody else can have caused, who has typed the person's code; not where the person has confirmed it and Sild has verified that. */
const MAY_BE_ANOTHER: readonly string[] = [
  'user_refused',
  'user_refused_interaction',
  'user_refused_certificate_choice',
  'timeout',
  'wrong_verification_code',
  'person_mismatch',
  'callback_refused',
  'too_many_logins_of_person',
  'push_too_soon',
  'browser_not_known',
];

function adviceFor(
  { outcome, code, limited, flow, backchannel, legs }: LoginOfAudit,
  { history }: Messages,
): string | undefined {
  // Whoever has typed the code can cancel on the page too, once the phone has shown the request.
  if (outcome === 'cancelled') return flow === 'notification' || backchannel ? history.notStarted : undefined;
  if (outcome !== 'failed') return undefined;
  // The person has confirmed it, for example a QR code that somebody else has sent them.
  if (legs.person !== undefined) return history.confirmed;
  return limited || MAY_BE_ANOTHER.includes(code ?? '') ? history.notStarted : undefined;
}

const formats = new Map<Language, Intl.DateTimeFormat>();

/** In UTC, since no page knows the time zone of a browser. */
export function timeText(milliseconds: number, { language }: Messages): string {
  const format =
    formats.get(language) ??
    new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
      dateStyle: 'medium',
      timeStyle: 'short',
      timeZone: 'UTC',
    });
  formats.set(language, format);
  return `${format.format(milliseconds)} UTC`;
}

/** What is downloaded. Without the audit's pseudonyms, which say nothing to the person. */
export function documentOf({ logins, total }: History, days: number) {
  return {
    kept_days: days,
    total,
    logins: logins.map((login) => ({
      time: new Date(login.at).toISOString(),
      service: login.service,
      client: login.client,
      flow: login.flow,
      backchannel: login.backchannel,
      outcome: login.outcome,
      ...(login.code !== undefined && { code: login.code }),
      ...(login.browser !== undefined && { browser: login.browser }),
      ...(login.networkNumber !== undefined && { network: login.networkNumber }),
      this_network: login.isThisNetwork,
      ...(login.reference !== undefined && { reference: login.reference }),
    })),
  };
}
