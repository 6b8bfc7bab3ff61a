import { PassThrough } from 'node:stream'
import { screenOn } from '../../lib/cli/screen'

const UP = (lines: number): string => `\u001b[${lines}A`
const CLEAR_BELOW = '\u001b[0J'

const paperOf = (size: { readonly columns?: number; readonly rows?: number } = {}) => {
  const paper = Object.assign(new PassThrough({ encoding: 'utf8' }), size)
  return { screen: screenOn(paper), text: () => String(paper.read() ?? '') }
}

describe('a screen', () => {
  it('writes lines one below the other, without any control characters', () => {
    const { screen, text } = paperOf()
    screen.show({ type: 'line', text: 'one' })
    screen.show({ type: 'line', text: 'two\nthree' })
    expect(text()).toBe('one\ntwo\nthree\n')
  })

  it('draws a picture over the one before', () => {
    const { screen, text } = paperOf()
    screen.show({ type: 'picture', text: 'a\nb' })
    screen.show({ type: 'picture', text: 'c' })
    screen.show({ type: 'picture', text: 'd' })
    expect(text()).toBe(`a\nb\n${UP(2)}${CLEAR_BELOW}c\n${UP(1)}${CLEAR_BELOW}d\n`)
  })

  it('puts a line above the picture', () => {
    const { screen, text } = paperOf()
    screen.show({ type: 'picture', text: 'a\nb' })
    screen.show({ type: 'line', text: 'line' })
    expect(text()).toBe(`a\nb\n${UP(2)}${CLEAR_BELOW}line\na\nb\n`)
  })

  it('cuts off what would wrap or scroll, and could not be drawn over then', () => {
    const { screen, text } = paperOf({ columns: 3, rows: 3 })
    screen.show({ type: 'picture', text: 'abcd\nef\ng\nh' })
    screen.show({ type: 'picture', text: 'x' })
    expect(text()).toBe(`abc\nef\n${UP(2)}${CLEAR_BELOW}x\n`)
  })
})
