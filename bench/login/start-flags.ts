import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The flags for V8 with which `npm start` starts Node. */
export function startFlags(): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8');
  const { scripts } = JSON.parse(text) as { readonly scripts: { readonly start: string } };
  const [command = ''] = scripts.start.split('||');
  return command.split(' ').filter((word) => word.startsWith('--'));
}
