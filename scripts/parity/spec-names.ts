/** The names of the specs of a file, read from its source: which ones there are can be told without running any. */
import ts from 'typescript'

/** `describe`, `it`, `describe.each(…)`, `it.each(…)`, and what wraps `describe` under a longer name, such as describeWithKafka. */
const BLOCK = /^(describe\w*|it)(\.each|$)/

/** For each spec the names of its `describe` blocks and its own, as they stand in the source: those of `each` with their places. */
export function specNamesIn(source: string): readonly (readonly string[])[] {
  const names: string[][] = []
  const visit = (node: ts.Node, path: readonly string[]): void => {
    const block = ts.isCallExpression(node) ? blockOf(node) : undefined
    const within = block === undefined ? path : [...path, block.name]
    if (block?.kind === 'it') names.push([...within])
    ts.forEachChild(node, (child) => visit(child, within))
  }
  visit(ts.createSourceFile('spec.ts', source, ts.ScriptTarget.Latest), [])
  return names
}

function blockOf({ expression, arguments: [first] }: ts.CallExpression): { readonly kind: string; readonly name: string } | undefined {
  const callee = nameOf(expression)
  const kind = BLOCK.exec(callee)?.[1]
  if (kind === undefined || first === undefined || !ts.isStringLiteralLike(first)) return undefined
  return { kind, name: first.text }
}

/** `it`, or `it.each` for `it.each(…)` and `it.each<…>(…)`, or nothing. */
function nameOf(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text
  if (ts.isPropertyAccessExpression(node)) return `${nameOf(node.expression)}.${node.name.text}`
  return ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node)
    ? nameOf(ts.isCallExpression(node) ? node.expression : node.tag)
    : ''
}
