/**
 * A flow that nobody has decided about must not compile: each place that decides something about flows is named by the
 * compiler, until it has said what it does.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';

const ROOT = path.resolve(import.meta.dirname, '../..');
const TABLE = path.join(ROOT, 'src/flows/flows.ts');
const PRODUCT = [path.join(ROOT, 'src/main.ts'), path.join(ROOT, 'src/cli.ts')];

const ROW = `  nfc: {
    sessionKind: 'device_link',
    wireName: 'NFC',
    needsCallback: true,
    sendsPush: false,
    shows: 'app_link',
  },
} as const satisfies`;

describe('a made-up flow', () => {
  it('does not compile without its traits', () => {
    const program = programWith([TABLE], (flows) =>
      flows.replace("'notification'] as", "'notification', 'nfc'] as"),
    );
    const diagnostics = program.getSemanticDiagnostics(program.getSourceFile(TABLE));
    assert.match(messagesOf(diagnostics), /Property 'nfc' is missing/);
  });

  it('does not compile with its traits alone: every place that decides has to say what it does', () => {
    const program = programWith(PRODUCT, (flows) =>
      flows.replace("'notification'] as", "'notification', 'nfc'] as").replace('} as const satisfies', ROW),
    );
    const files = program
      .getSourceFiles()
      .filter(({ fileName, isDeclarationFile }) => !isDeclarationFile && fileName.startsWith(ROOT))
      .filter((file) => program.getSemanticDiagnostics(file).length > 0)
      .map(({ fileName }) => path.relative(ROOT, fileName));
    assert.deepEqual(files.sort(), [
      'src/config/smart-id.ts', // which versions of the RP API have it
      'src/flows/offered-flows.ts', // when it leads nobody in
      'src/login/new-attempt.ts', // whether an attempt has a callback
      'src/smart-id/protocol-v2.ts', // whether version 2 has it
      'src/smart-id/protocol-v3.ts', // which session is created
      'src/web/login/flow-choice.ts', // its place in the order of the flows
      'src/web/login/views/flows.ts', // its button
    ]);
  });
});

/** What the roots import, with a changed table of flows. */
function programWith(roots: readonly string[], change: (flows: string) => string): ts.Program {
  const { options } = ts.parseJsonConfigFileContent(
    {
      ...(ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), (file) => ts.sys.readFile(file))
        .config as object),
      include: ['src'],
    },
    ts.sys,
    ROOT,
  );
  const host = ts.createCompilerHost(options);
  const table = host.readFile(TABLE) ?? '';
  assert.notEqual(change(table), table);
  const readSource = host.getSourceFile.bind(host);
  host.getSourceFile = (fileName, ...rest) =>
    path.resolve(fileName) === TABLE
      ? ts.createSourceFile(fileName, change(table), rest[0], true)
      : readSource(fileName, ...rest);
  return ts.createProgram(roots, options, host);
}

function messagesOf(diagnostics: readonly ts.Diagnostic[]): string {
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')).join('\n');
}
