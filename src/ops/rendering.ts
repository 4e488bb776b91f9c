import { fileURLToPath } from 'node:url';
import nunjucks from 'nunjucks';

const PAGES = ['overview', 'story', 'token', 'problem'];

/** Compiles all templates, so that a broken one shows at the start. Every text is escaped. */
export function createOpsRender(): (page: string, model: object) => string {
  const views = fileURLToPath(new URL('views', import.meta.url));
  const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(views), {
    autoescape: true,
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  environment.addFilter('number', (value: number) => value.toLocaleString('en'));
  environment.addFilter('minute', minuteText);
  environment.addFilter('day', (at: number) => minuteText(at).slice(0, 10));
  for (const name of PAGES) environment.getTemplate(`${name}.njk`, true);
  return (page, model) => environment.render(`${page}.njk`, model);
}

/** `2031-04-05 12:00`, in UTC. */
function minuteText(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
