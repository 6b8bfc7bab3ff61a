import { sectionsOf } from '../../../bench/scale/results'

describe('a file of results in sections', () => {
  it('is told apart by the first word of each head', () => {
    const text = '== size: npm run bench:scale -- size\nrows\n\nmore rows\n\n== streams: other\n a == b\n'
    expect([...sectionsOf(text)]).toEqual([
      ['size', 'size: npm run bench:scale -- size\nrows\n\nmore rows'],
      ['streams', 'streams: other\n a == b'],
    ])
  })
})
