/** Small changes of a TypeScript source, each of which a test should notice. They need no types, only the syntax. */
import ts from 'typescript';

export interface Mutant {
  readonly file: string;
  readonly line: number;
  /** `file:line:column:kind`, unique in a source. */
  readonly id: string;
  readonly kind: MutantKind;
  /** The offsets that `replacement` replaces. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

export type MutantKind =
  | 'condition negated'
  | 'operator swapped'
  | 'boundary moved'
  | 'fallback removed'
  | 'constant changed'
  | 'text emptied'
  | 'await removed'
  | 'call removed'
  | 'where removed'
  | 'throw removed'
  | 'returned early'
  | 'result removed'
  | 'property removed';

/** By operator: what replaces it. */
const OPERATORS: Readonly<Record<string, readonly [replacement: string, kind: MutantKind]>> = {
  '&&': ['||', 'operator swapped'],
  '||': ['&&', 'operator swapped'],
  '===': ['!==', 'operator swapped'],
  '!==': ['===', 'operator swapped'],
  '+': ['-', 'operator swapped'],
  '-': ['+', 'operator swapped'],
  '*': ['/', 'operator swapped'],
  '/': ['*', 'operator swapped'],
  '<': ['<=', 'boundary moved'],
  '<=': ['<', 'boundary moved'],
  '>': ['>=', 'boundary moved'],
  '>=': ['>', 'boundary moved'],
};

/** Calls whose arguments are words for an operator: nothing depends on their texts. */
const WORDS = /^(log|logger|report|malformed|describe)\b|\.(info|warn|error|debug|fatal)$|Error$/;

export function mutantsOf(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const found: Mutant[] = [];
  visit(source);
  return found;

  function visit(node: ts.Node): void {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    mutate(node);
    ts.forEachChild(node, visit);
  }

  function mutate(node: ts.Node): void {
    if (ts.isIfStatement(node) || ts.isWhileStatement(node)) negate(node.expression);
    else if (ts.isConditionalExpression(node)) negate(node.condition);
    else if (ts.isBinaryExpression(node)) mutateBinary(node);
    else if (ts.isNumericLiteral(node))
      replace(node, 'constant changed', node.text === '0' ? '1' : `(${node.getText()} + 1)`);
    else if (isBoolean(node)) replace(node, 'constant changed', node.getText() === 'true' ? 'false' : 'true');
    else if (ts.isStringLiteral(node)) emptyText(node);
    else if (ts.isAwaitExpression(node)) replace(node, 'await removed', node.expression.getText());
    else if (ts.isExpressionStatement(node)) removeCall(node);
    else if (ts.isCallExpression(node)) removeWhere(node);
    else if (ts.isThrowStatement(node)) replace(node, 'throw removed', ';');
    else if (ts.isReturnStatement(node) && node.expression && node.expression.getText() !== 'undefined') {
      replace(node, 'result removed', 'return undefined as never;');
    } else if (ts.isFunctionDeclaration(node)) returnEarly(node);
    else if (ts.isObjectLiteralExpression(node)) removeProperties(node);
  }

  function negate(condition: ts.Expression): void {
    replace(condition, 'condition negated', `!(${condition.getText()})`);
  }

  function mutateBinary({ left, operatorToken: operator, right }: ts.BinaryExpression): void {
    if (operator.kind === ts.SyntaxKind.QuestionQuestionToken) {
      replaceRange(left.getEnd(), right.getEnd(), operator, 'fallback removed', '');
    }
    const [replacement, kind] = OPERATORS[operator.getText()] ?? [];
    if (replacement && kind) replace(operator, kind, replacement);
  }

  function emptyText(node: ts.StringLiteral): void {
    const { parent } = node;
    if (node.text === '' || isName(node)) return;
    if (
      (ts.isCallExpression(parent) || ts.isNewExpression(parent)) &&
      WORDS.test(parent.expression.getText())
    )
      return;
    // The compiler refuses another case of a union, a column or an event.
    if (ts.isCaseClause(parent) || ts.isLiteralTypeNode(parent)) return;
    replace(node, 'text emptied', "('' as never)");
  }

  function isName({ parent }: ts.StringLiteral): boolean {
    return (
      (ts.isPropertyAssignment(parent) && parent.name.kind === ts.SyntaxKind.StringLiteral) ||
      ts.isElementAccessExpression(parent)
    );
  }

  function removeCall(node: ts.ExpressionStatement): void {
    const called = ts.isAwaitExpression(node.expression) ? node.expression.expression : node.expression;
    if (!ts.isCallExpression(called) || WORDS.test(called.expression.getText())) return;
    replace(node, 'call removed', ';');
  }

  function removeWhere({ expression }: ts.CallExpression & { readonly parent: ts.Node }): void {
    if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'where') return;
    const call = expression.parent;
    replaceRange(expression.expression.getEnd(), call.getEnd(), expression.name, 'where removed', '');
  }

  function returnEarly({ body, type }: ts.FunctionDeclaration): void {
    if (!body || !/^(void|Promise<void>)$/.test(type?.getText() ?? '')) return;
    replaceRange(body.getStart() + 1, body.getStart() + 1, body, 'returned early', ' if (1 < 2) return; ');
  }

  /** One of several properties, with its comma. */
  function removeProperties({ properties }: ts.ObjectLiteralExpression): void {
    if (properties.length < 2) return;
    for (const property of properties) {
      const comma = /^\s*,/.exec(text.slice(property.getEnd()))?.[0].length ?? 0;
      replaceRange(property.getStart(), property.getEnd() + comma, property, 'property removed', '');
    }
  }

  function replace(node: ts.Node, kind: MutantKind, replacement: string): void {
    replaceRange(node.getStart(), node.getEnd(), node, kind, replacement);
  }

  function replaceRange(
    start: number,
    end: number,
    at: ts.Node,
    kind: MutantKind,
    replacement: string,
  ): void {
    const { line, character } = source.getLineAndCharacterOfPosition(at.getStart());
    const id = `${file}:${line + 1}:${character + 1}:${kind.replaceAll(' ', '-')}`;
    found.push({ file, line: line + 1, id, kind, start, end, replacement });
  }
}

export function applied(text: string, { start, end, replacement }: Mutant): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

function isBoolean(node: ts.Node): boolean {
  return node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword;
}
