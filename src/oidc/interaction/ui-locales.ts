import type { Context } from 'koa';
import { z } from 'zod';

const asked = z.object({ oidc: z.object({ params: z.object({ ui_locales: z.string() }) }) });

/** The `ui_locales` of an OpenID Connect request, in order of preference. (OpenID Connect Core 3.1.2.1) */
export function uiLocalesOf(ctx: Context): readonly string[] {
  const { data } = asked.safeParse(ctx);
  return data?.oidc.params.ui_locales.split(' ').filter((tag) => tag !== '') ?? [];
}
