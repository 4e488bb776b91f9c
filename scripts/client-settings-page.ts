import { z } from 'zod';
import { MEMBER_OPTIONS } from '../src/commands/client-metadata.ts';
import { type MemberDescription, MEMBER_DESCRIPTIONS } from '../src/oidc/client-members.ts';
import { type ClientMember, clientMembers } from '../src/oidc/clients/client-schema.ts';
import { FILE_MEMBERS } from '../src/oidc/clients-file/references.ts';

/** The part of a JSON Schema that the table tells. */
const jsonSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.string()).optional(),
  get items() {
    return jsonSchema.optional();
  },
});

/** docs/client-settings.md: a table of every member of a client's metadata. */
export function clientSettingsPage(): string {
  const rows = Object.entries(MEMBER_DESCRIPTIONS).map(([name, description]) => memberRow(name, description));
  return [
    '# Client settings\n',
    'Every setting of a client, by its name in the file of `--metadata`, in `CLIENTS_FILE` and in the output of `client show`. [Clients](clients.md) says how they are set.\n',
    '<!-- Generated from src/oidc/clients by `npm run docs`. -->\n',
    '| Member | Option | Values | Default | Meaning |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    `A file of clients has also ${FILE_MEMBERS.map((name) => `\`${name}\``).join(', ')}: [clients as code](clients.md#clients-as-code).`,
    '',
  ].join('\n');
}

function memberRow(name: string, { meaning, default: fallback = '' }: MemberDescription): string {
  const options = name === 'client_id' ? ['the ID'] : optionsOf(name);
  return `| \`${name}\` | ${options.join(', ')} | ${valuesOf(name)} | ${fallback} | ${meaning} |`;
}

function optionsOf(name: string): readonly string[] {
  const options = MEMBER_OPTIONS.get(name.replace('#LANGUAGE', '#en')) ?? [];
  return options.map((option) => `\`${option.replace('#en', '#LANGUAGE')}\``);
}

function valuesOf(name: string): string {
  const member = name.replace('#LANGUAGE', '#en') as ClientMember;
  const schema = z.toJSONSchema(clientMembers.shape[member], { unrepresentable: 'any', io: 'input' });
  return valuesIn(jsonSchema.parse(schema));
}

function valuesIn({ type, enum: values, items }: z.infer<typeof jsonSchema>): string {
  if (values) return values.map((value) => `\`${value}\``).join(', ');
  if (Array.isArray(type)) return type.map((each) => valuesIn({ type: each })).join(' or ');
  switch (type) {
    case 'boolean':
      return '`true`, `false`';
    case 'array':
      return `list of ${(items && valuesIn(items)) ?? 'values'}`;
    case 'string':
      return 'text';
    case 'integer':
    case 'number':
      return 'number';
    default:
      return 'object';
  }
}
