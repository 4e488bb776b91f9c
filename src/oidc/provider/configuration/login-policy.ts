import { interactionPolicy } from 'oidc-provider';
import { isRecalled } from '../../remembered/recalled.ts';

const { Check, Prompt, base } = interactionPolicy;

/**
 * The values of `prompt` that a request may have. (OpenID Connect Core 3.1.2.1) `create` is not among them: Sild creates no
 * accounts. (Initiating User Registration via OpenID Connect 1.0)
 */
export const PROMPT_VALUES = ['none', 'login', 'consent', 'select_account'] as const;

/**
 * oidc-provider's prompts: every authorization request requires a login, or the remembered one of its own client, which is
 * recalled only if it is what the request asks for. There is no consent page, because the operator registers the clients, and no
 * single sign-on: a login at one client is not valid at another.
 *
 * `prompt=consent` and `prompt=select_account` are accepted and need nothing else than this login: the person confirms in the
 * app with which service they share their data, and chooses the account that answers.
 */
export function loginPolicy(): interactionPolicy.DefaultPolicy {
  const policy = base();
  policy.remove('consent');
  const login = policy.get('login');
  // Nothing reads its details, which would store `login_hint` and `id_token_hint` once more with each request.
  if (login) login.details = () => ({});
  const checks = login?.checks;
  checks?.add(
    new Check('each_request_asks', 'End-User authentication is required', 'login_required', (ctx) =>
      ctx.oidc.result?.login || isRecalled(ctx) ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT,
    ),
  );
  // If a login is not the requested one, they would begin another. It is refused instead, when the pages complete it. A remembered
  // login is recalled only if they hold, and a second later `max_age` must not begin another one in its session.
  for (const check of ['max_age', 'claims_id_token_sub_value', 'essential_acrs', 'essential_acr']) {
    checks?.remove(check);
  }
  policy.add(answeredByLogin('consent'));
  policy.add(answeredByLogin('select_account'));
  return policy;
}

/** A prompt that a request may name and that asks for nothing after the login. */
function answeredByLogin(name: (typeof PROMPT_VALUES)[number]): interactionPolicy.Prompt {
  const prompt = new Prompt({ name, requestable: true });
  // oidc-provider's own check would begin another interaction after the login.
  prompt.checks.clear();
  return prompt;
}
