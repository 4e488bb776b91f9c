import { FLOW_TRAITS } from '../../../flows/flows.ts';
import type { FailedAttempt } from '../../../login/attempt.ts';
import type { Failure, FailureCode } from '../../../login/failure.ts';
import { helpPageOf } from '../../messages/help-pages.ts';
import type { Messages, OutcomeText } from '../../messages/messages.ts';
import type { Action, ActionLook } from '../../pages/page-models.ts';
import { externalLink, link } from '../../pages/links.ts';
import { referenceOf } from '../../../reference.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';
import { FOR_ANOTHER_ACCOUNT, otherCountriesOf, typedCodeOf } from '../typed-code.ts';
import type { PersonalCode } from '../remembered-code.ts';
import { basicAccountWays } from './basic-account.ts';
import { linkInstead } from './link-instead.ts';

/** Smart-ID is unavailable: an immediate retry would fail again, and many retries at once delay its recovery. */
const WAIT_FIRST: readonly FailureCode[] = ['maintenance', 'service_failed', 'revocation_unavailable'];
const RETRY_SECONDS = 20;
/** Smart-ID was not asked, because of the limits. */
const LIMITED: readonly FailureCode[] = [
  'too_many_logins',
  'too_many_logins_of_person',
  'push_too_soon',
  // Not 503: nginx takes that for a failure of the instance (proxy_next_upstream http_503), and sends it nothing for a while.
  'too_many_waiting',
];

/** Why the attempt failed, and what to do about it. */
export async function drawOutcome(
  page: LoginPageContext,
  { pages, now }: LoginPageDependencies,
  attempt: FailedAttempt,
): Promise<void> {
  const { ctx, path, messages } = page;
  const { client } = page.interaction;
  const { id, failure } = attempt;
  const { heading, paragraphs, help, retry } = textOf(failure, page);
  const helpFirst = help?.first ?? false;
  const helpLinks = help
    ? helpActions(failure, help.label, helpFirst ? 'primary' : 'secondary', messages)
    : [];
  const unknownCode = failure.code === 'account_not_found' ? typedCodeOf(page, attempt) : undefined;
  const ways =
    failure.code === 'account_not_suitable' ? basicAccountWays(messages, attempt.identifier) : undefined;
  const seconds = secondsToWait(failure, now(), ctx.query.waited !== undefined);
  const retryLinks = await retryActions(helpFirst ? 'secondary' : 'primary');
  const refused = LIMITED.includes(failure.code) && seconds > 0;
  if (refused) ctx.set('Retry-After', String(seconds));
  pages.notice(ctx, refused ? 429 : 200, {
    service: client,
    heading,
    paragraphs: [
      ...paragraphs,
      ...(unknownCode ? [enteredText(unknownCode, messages)] : []),
      ...(ways ? [ways.lead] : []),
    ],
    list: ways?.list ?? [],
    reference: referenceOf(id),
    actions: [
      ...(helpFirst ? [...helpLinks, ...retryLinks] : [...retryLinks, ...helpLinks]),
      { kind: 'post', href: `${path}/cancel`, text: messages.action.backTo(client.name), look: 'quiet' },
    ],
    ...(seconds > 0 ? { retryAfter: { seconds, href: `${path}/wait?waited` } } : {}),
  });

  async function retryActions(look: 'primary' | 'secondary'): Promise<Action[]> {
    if (unknownCode) return formAgain(unknownCode);
    const instead = seconds > 0 ? unlimitedFlow(page, attempt) : undefined;
    const address = FOR_ANOTHER_ACCOUNT.includes(failure.code) ? `${path}?choose` : path;
    const again = { ...link(address, retry, instead ? 'secondary' : look), waits: seconds > 0 };
    if (failure.code !== 'callback_refused') return [...(instead ? [instead] : []), again];
    // The app would open the wrong browser again: only flows without a callback are offered.
    const { methods } = messages;
    const flows = await page.flows();
    const [qr, code] = [flows.includes('qr'), flows.includes('notification')];
    const post: Action = { kind: 'post', href: `${path}/device-link`, text: methods.showQr, look };
    const form = link(`${path}/code`, methods.personalCode, qr ? 'secondary' : look);
    return qr || code ? [...(qr ? [post] : []), ...(code ? [form] : [])] : [again];
  }

  /** The form with what was typed, as it is or with another country that the code fits: Estonian and Lithuanian codes look alike. */
  function formAgain(typed: PersonalCode): Action[] {
    const { countries, tryCountry } = messages.login;
    return [
      link(`${path}/code`, retry, 'primary'),
      ...otherCountriesOf(page.offered.countries, typed).map((country) =>
        link(`${path}/code?country=${country}`, tryCountry(countries[country]), 'secondary'),
      ),
    ];
  }
}

/** The page about this outcome, or Smart-ID's help under its own name. */
function helpActions(
  { code, screen }: Failure,
  label: string,
  look: ActionLook,
  { language, smartIdHelpUrl, layout, basicAccount }: Messages,
): Action[] {
  const outcome = code === 'user_refused_interaction' && screen !== undefined ? screen : code;
  const address = helpPageOf(language, outcome, smartIdHelpUrl);
  const faq = code === 'account_not_suitable' ? helpPageOf(language, 'faq', smartIdHelpUrl) : undefined;
  return [
    ...(address === undefined && faq !== undefined
      ? []
      : [externalLink(address ?? smartIdHelpUrl, address === undefined ? layout.help : label, look)]),
    ...(faq === undefined
      ? []
      : [externalLink(faq, basicAccount.faq, address === undefined ? look : 'secondary')]),
  ];
}

function enteredText({ country, number }: PersonalCode, { login }: Messages): string {
  return login.entered(login.countries[country], number.slice(0, 4));
}

/** A flow that the limit does not apply to: a device link makes no phone ring. */
function unlimitedFlow(
  page: LoginPageContext,
  { flow, failure: { code } }: FailedAttempt,
): Action | undefined {
  const isOfPushes = code === 'push_too_soon' || code === 'too_many_logins_of_person';
  const hasLink = page.offered.flows.some((each) => !FLOW_TRAITS[each].sendsPush);
  return FLOW_TRAITS[flow].sendsPush && hasLink && isOfPushes ? linkInstead(page) : undefined;
}

function secondsToWait({ code, retryAt }: Failure, now: number, waited: boolean): number {
  if (retryAt !== undefined) return Math.max(0, Math.ceil((retryAt - now) / 1000));
  return WAIT_FIRST.includes(code) && !waited ? RETRY_SECONDS : 0;
}

function textOf(
  { code, screen }: Failure,
  { interaction, messages: { outcomes, refusedInteractions, expectedPersonNotFound } }: LoginPageContext,
): OutcomeText {
  if (code === 'user_refused_interaction' && screen !== undefined) return refusedInteractions[screen];
  if (code !== 'account_not_found' || interaction.expectedPerson === undefined) return outcomes[code];
  const [, ...onward] = outcomes[code].paragraphs;
  return {
    ...outcomes[code],
    paragraphs: [expectedPersonNotFound, ...onward],
    retry: outcomes.timeout.retry,
  };
}
