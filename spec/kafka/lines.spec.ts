import { lineSplitter } from '../../kafka/lines'

const TEXT = 'one\n\nü€😀\u2028still\nlast'
const LINES = ['one', '', 'ü€😀\u2028still', 'last']

const split = (chunks: readonly Buffer[]) => {
  const lines: string[] = []
  const splitter = lineSplitter((line) => lines.push(line))
  for (const chunk of chunks) splitter.write(chunk)
  splitter.end()
  return lines
}

describe('lineSplitter', () => {
  it('splits at line feeds and nowhere else', () => {
    expect(split([Buffer.from(TEXT)])).toEqual(LINES)
  })

  it('does not depend on how the bytes are cut', () => {
    expect(split([...Buffer.from(TEXT)].map((byte) => Buffer.from([byte])))).toEqual(LINES)
  })

  it('sees no line behind a last line feed', () => {
    expect(split([Buffer.from('a\n')])).toEqual(['a'])
  })
})
