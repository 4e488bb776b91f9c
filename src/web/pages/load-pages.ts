import type { OidcPages } from '../../oidc/provider/pages.ts';
import { type Assets, loadAssets } from './assets.ts';
import { oidcPagesOf } from './oidc-pages.ts';
import { createPages, type PageOptions, type Pages } from './pages.ts';

/** Templates and assets, loaded once and shared by the web app and the OpenID provider. */
export interface LoadedPages {
  readonly assets: Assets;
  readonly pages: Pages;
  /** The pages that oidc-provider renders. */
  readonly oidc: OidcPages;
}

/** @throws {ViewsError} when a template of the operator cannot be used; the system's error when a file is missing */
export function loadPages(options: PageOptions): LoadedPages {
  const assets = loadAssets();
  const pages = createPages(options, assets);
  return { assets, pages, oidc: oidcPagesOf(pages) };
}
