import { fileURLToPath } from 'node:url';
import nunjucks from 'nunjucks';
import type { Assets } from './assets.ts';
import { type Messages, secondsText } from './messages/messages.ts';
import type { PageModels } from './page-models.ts';

const VIEWS = fileURLToPath(new URL('../../views', import.meta.url));
const PAGES: readonly (keyof PageModels)[] = ['login', 'wait', 'notice', 'onward', 'logout'];

/** What every page shows around its own content. */
export interface Surroundings {
  readonly issuer: string;
  readonly environment: 'simulator' | 'demo' | 'live';
  readonly simulatorPhoneUrl?: string | undefined;
}

export type Render = <P extends keyof PageModels>(page: P, model: PageModels[P]) => string;

/** Compiles every page at once, so that a template that does not parse stops the start. @throws Error then */
export function createRender(surroundings: Surroundings, assets: Assets, messages: Messages): Render {
  const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(VIEWS), {
    autoescape: true,
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  environment.addGlobal('t', messages);
  environment.addGlobal('secondsText', (seconds: number) => secondsText(messages, seconds));
  environment.addGlobal('initialOf', initialOf);
  environment.addGlobal('assets', assets.urls);
  environment.addGlobal('host', new URL(surroundings.issuer).host);
  environment.addGlobal('environment', surroundings.environment);
  environment.addGlobal('phoneUrl', surroundings.simulatorPhoneUrl);
  for (const page of PAGES) environment.getTemplate(`pages/${page}.njk`, true);
  return (page, model) => environment.render(`pages/${page}.njk`, model);
}

/** The first character of a name as a person sees it, for its tile. */
function initialOf(name: string): string {
  const [first] = new Intl.Segmenter().segment(name.trim());
  return (first?.segment ?? '').toUpperCase();
}
