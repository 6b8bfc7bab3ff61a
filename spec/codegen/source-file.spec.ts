import { SourceFile } from '../../codegen/emit/source-file'

function printed(print: (file: SourceFile) => void): readonly string[] {
  const file = new SourceFile({ header: ['// header'], runtime: (name) => name })
  print(file)
  return file.toString().split('\n').slice(2, -1)
}

const words = (count: number, word = 'word'): string => Array.from({ length: count }, () => word).join(' ')

describe('a source file', () => {
  it('imports what its lines use and nothing else, types as types', () => {
    const file = new SourceFile({ header: ['// header'], runtime: (name) => name })
    file.print(`${file.use('b', './x')}(${file.useType('T', './y')})`, file.useType('A', './x'), file.useType('b', './x'))
    file.print(`// ${file.use('unused', './x')}`, `'${file.use('alsoUnused', './z')}'`)
    expect(file.toString().split('\n')).toEqual([
      '// header',
      '',
      "import { type A, b } from './x'",
      "import type { T } from './y'",
      '',
      'b(T)',
      'A',
      'b',
      '// unused',
      "'alsoUnused'",
      '',
    ])
  })

  it('marks a parameter that its function does not use', () => {
    const signature = { name: 'f', parameters: { a: 'A', b: 'B' }, type: 'void' }
    expect(printed((file) => file.func(signature, () => file.print("g(a.b, { b: 'b' })", '// b')))).toEqual([
      'function f(a: A, b: B): void {',
      "  g(a.b, { b: 'b' })",
      '  // b',
      '}',
      '',
    ])
    expect(printed((file) => file.func(signature, () => file.print("g({ a: 'b' }, b)")))[0]).toBe('function f(_a: A, b: B): void {')
  })

  it('wraps a long comment and closes none too early', () => {
    expect(printed((file) => file.doc('One */ line.', 'Facts.'))).toEqual(['/** One * / line. Facts. */'])
    expect(printed((file) => file.doc(words(30), 'Facts.'))).toEqual(['/**', ` * ${words(27)}`, ` * ${words(3)}`, ' * Facts.', ' */'])
  })

  it.each([
    [
      `if (version > 1 && ${'x'.repeat(60)}.length > 0) cannotWriteField('${'y'.repeat(60)}', version)`,
      [`if (version > 1 && ${'x'.repeat(60)}.length > 0)`, `  cannotWriteField('${'y'.repeat(60)}', version)`],
    ],
    [`  const a = ${'x'.repeat(135)}`, ['  const a =', `    ${'x'.repeat(135)}`]],
    [`f(${'x'.repeat(80)} ?? ${'y'.repeat(80)})`, [`f(${'x'.repeat(80)}`, `  ?? ${'y'.repeat(80)})`]],
    [`f('${'x'.repeat(80)} ?? ${'y'.repeat(80)}')`, [`f('${'x'.repeat(80)} ?? ${'y'.repeat(80)}')`]],
    ['x'.repeat(150), ['x'.repeat(150)]],
  ])('breaks a line that is too long only where it may be broken: %s', (line, lines) => {
    expect(printed((file) => file.print(line))).toEqual(lines)
  })
})
