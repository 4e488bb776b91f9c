import { z } from 'zod';

const asked = z.object({ oidc: z.object({ params: z.object({ ui_locales: z.unknown().optional() }) }) });
const inQuery = z.object({ query: z.object({ ui_locales: z.string() }) });

/**
 * The `ui_locales` of a request, in order of preference: those of its OpenID Connect parameters, or else of its address, for errors
 * before the parameters are read and for the pages of a logout. (OpenID Connect Core 3.1.2.1, RP-Initiated Logout 2)
 *
 * @param ctx of oidc-provider or of Sild's own app
 * @returns undefined where the request says nothing about languages, and has no parameters that could
 */
export function uiLocalesOf(ctx: object): readonly string[] | undefined {
  const parameters = asked.safeParse(ctx).data?.oidc.params;
  const locales = parameters?.ui_locales ?? inQuery.safeParse(ctx).data?.query.ui_locales;
  if (typeof locales === 'string') return locales.split(' ').filter((tag) => tag !== '');
  return parameters && [];
}
