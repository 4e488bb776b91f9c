import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import nunjucks from 'nunjucks';
import type { Assets } from './assets.ts';
import type { LanguageLink } from './language-links.ts';
import { CATALOGUES } from '../messages/languages.ts';
import { type Messages, type PluralText, retryText, secondsText } from '../messages/messages.ts';
import { withUnbrokenName } from './unbroken-name.ts';
import type { PageModels } from './page-models.ts';

const VIEWS = fileURLToPath(new URL('../../../views', import.meta.url));

const EMPTY_NOTICE: PageModels['notice'] = {
  service: undefined,
  heading: '',
  paragraphs: [],
  reference: undefined,
  documentation: undefined,
  list: [],
  actions: [],
  retryAfter: undefined,
};

/** Prefix of a template name that selects ours, also if the operator has one of the same name. */
const OURS = 'sild/';

/** The operator's templates cannot be used. */
export class ViewsError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ViewsError';
  }
}

/** What the layout of every page shows. */
export interface LayoutOptions {
  readonly issuer: string;
  readonly environment: 'simulator' | 'demo' | 'live';
  readonly simulatorPhoneUrl?: string | undefined;
}

export type Render = <P extends keyof PageModels>(
  page: P,
  model: PageModels[P],
  messages: Messages,
  languages: readonly LanguageLink[],
) => string;

/**
 * Compiles all templates and renders a page, so that Sild does not start with a template that does not parse or a broken
 * layout. No file is read afterwards: a process without free file descriptors can still answer with a page.
 *
 * @param viewsDir the operator's templates, which replace ours of the same name
 * @throws {ViewsError} when a template cannot be used, or `viewsDir` is not a directory
 */
export function createRender(layout: LayoutOptions, assets: Assets, viewsDir: string | undefined): Render {
  const environment = viewsDir === undefined ? (own ??= compiled(undefined)) : compiled(viewsDir);
  const inEveryPage = {
    assets: assets.urls,
    host: new URL(layout.issuer).host,
    environment: layout.environment,
    phoneUrl: layout.simulatorPhoneUrl,
  };
  const render: Render = (page, model, messages, languages) =>
    withUnbrokenName(
      environment.render(`pages/${page}.njk`, {
        ...inEveryPage,
        ...model,
        t: messages,
        secondsText: (forms: PluralText, seconds: number) => secondsText(messages, forms, seconds),
        retryText: (seconds: number) => retryText(messages, seconds),
        languages,
      }),
    );
  // A name that a template uses is looked up only when a page is rendered.
  asViewsErrors(() => render('notice', EMPTY_NOTICE, CATALOGUES.en, []));
  return render;
}

/** Sild's own templates, compiled once per process. */
let own: nunjucks.Environment | undefined;

function compiled(viewsDir: string | undefined): nunjucks.Environment {
  const environment = new nunjucks.Environment(loaders(viewsDir), {
    autoescape: true,
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  environment.addGlobal('initialOf', initialOf);
  const ours = templatesIn(VIEWS);
  const names =
    viewsDir === undefined ? ours : [...ours, ...ours.map((name) => OURS + name), ...templatesIn(viewsDir)];
  asViewsErrors(() => {
    for (const name of names) environment.getTemplate(name, true);
  });
  return environment;
}

function loaders(viewsDir: string | undefined): nunjucks.ILoader[] {
  if (viewsDir === undefined) return [new nunjucks.FileSystemLoader(VIEWS)];
  return [new nunjucks.FileSystemLoader([viewsDir, VIEWS]), new OurViews(VIEWS)];
}

/** Lets an operator's template extend the built-in one that it replaces. */
class OurViews extends nunjucks.FileSystemLoader {
  override getSource(name: string): nunjucks.LoaderSource {
    return super.getSource(name.startsWith(OURS) ? name.slice(OURS.length) : '');
  }
}

function templatesIn(viewsDir: string): string[] {
  try {
    return readdirSync(viewsDir, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.njk'),
    );
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    throw new ViewsError(`the directory ${viewsDir} cannot be read (${code})`, { cause });
  }
}

function asViewsErrors(act: () => unknown): void {
  try {
    act();
  } catch (cause) {
    throw new ViewsError(cause instanceof Error ? cause.message : 'a template cannot be used', { cause });
  }
}

const segmenter = new Intl.Segmenter();

/** The first user-perceived character of a name, for the tile that replaces a logo. */
function initialOf(name: string): string {
  const [first] = segmenter.segment(name.trim());
  return (first?.segment ?? '').toUpperCase();
}
