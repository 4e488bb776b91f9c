import { FLOW_TRAITS } from '../../../flows/flows.ts';
import { type Country, isCountry, personalCodeRules } from '../../../identity/countries/rules.ts';
import { countryName } from '../../messages/country-name.ts';
import type { Messages } from '../../messages/messages.ts';
import type { LoginPage } from '../../pages/page-models.ts';
import type { Language } from '../../../config/languages.ts';
import { type ExpectedPerson, pushRecipient } from '../push-recipient.ts';
import type { FlashError } from '../flash-error.ts';
import { offeredCountry } from '../remembered-country.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';

/** The likely country for a language. Estonian and Lithuanian codes look alike, so that a wrong country is not noticed. */
const COUNTRY_OF: Readonly<Partial<Record<Language, Country>>> = {
  et: 'EE',
  lv: 'LV',
  lt: 'LT',
  nl: 'BE',
  fr: 'BE',
  de: 'BE',
};

/** What the form shows. Without a country: that of the language, or else the first one on offer. */
export type CodeFormState = Omit<FlashError, 'error' | 'remember'> &
  Partial<Pick<FlashError, 'error'>> &
  Pick<LoginPage, 'focusCode' | 'remember'> & {
    /** Whether the browser knows the person whose code it remembers: then there is nothing to type. */
    readonly oneTap: boolean;
  };

export async function drawCodeForm(
  page: LoginPageContext,
  { pages }: LoginPageDependencies,
  state: CodeFormState,
): Promise<void> {
  const { ctx, path, interaction, messages, offered } = page;
  const { countries: names, hints } = messages.login;
  const hintOf = (country: Country) => hints[country](personalCodeRules[country].example);
  const [first = 'EE'] = offered.countries;
  const selected = state.country ?? offeredCountry(offered.countries, COUNTRY_OF[messages.language]) ?? first;
  const recipient = pushRecipient(interaction);
  pages.draw(ctx, 200, 'login', {
    service: interaction.client,
    action: `${path}/code`,
    ...(await otherFlowsOf(page)),
    cancelAction: `${path}/cancel`,
    countries: offered.countries.map((code) => ({
      code,
      name: names[code],
      hint: hintOf(code),
      selected: code === selected,
    })),
    hint: hintOf(selected),
    personalCode: state.oneTap ? '' : state.personalCode,
    focusCode: state.focusCode,
    remember: recipient === 'anybody' ? state.remember : undefined,
    oneTap: state.oneTap ? messages.login.sendTo(state.personalCode.slice(-4)) : undefined,
    otherCode: state.oneTap ? `${path}/code?other` : undefined,
    forgets: state.remember === true,
    error: errorOf(state.error, names[selected], messages),
    expected: recipient === 'anybody' ? undefined : expectedText(recipient, messages),
  });
}

function expectedText({ type, country, end }: ExpectedPerson, { login, language }: Messages): string {
  const name = isCountry(country) ? login.countries[country] : (countryName(country, language) ?? country);
  switch (type) {
    case 'PNO':
      return login.expected(name, end);
    case 'PAS':
    case 'IDC':
      return login.expectedDocument(name, end);
  }
}

/** On a computer a QR code is the likely alternative, so it gets a button; the other flows are on the page of the choice. */
async function otherFlowsOf({
  path,
  device,
  flows,
}: LoginPageContext): Promise<Pick<LoginPage, 'qrAction' | 'otherFlows'>> {
  const others = (await flows()).filter((flow) => !FLOW_TRAITS[flow].sendsPush);
  const qr = others.includes('qr') && device === 'computer';
  return {
    qrAction: qr ? `${path}/device-link` : undefined,
    otherFlows: others.length > 0 && !qr ? `${path}?choose` : undefined,
  };
}

/** @param country the name of the chosen one */
function errorOf(
  error: CodeFormState['error'],
  country: string,
  { login: { errors } }: Messages,
): LoginPage['error'] {
  switch (error) {
    case undefined:
      return undefined;
    case 'country':
      return { field: 'country', text: errors.country };
    case 'other_country':
      return { field: 'country', text: errors.otherCountry(country) };
    case 'empty':
      return { field: 'personal_code', text: errors.empty };
    case 'format':
      return { field: 'personal_code', text: errors.format };
    case 'check_digit':
      return { field: 'personal_code', text: errors.checkDigit };
  }
}
