import { cutBatch } from '../../../../lib/testing/state/log/batch-cut'
import { altered, AT, batchOf } from '../../support/batches'

const batch = batchOf('abc')
const after = (bytes: Uint8Array, ...more: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat([bytes, ...more]))

describe('cutBatch', () => {
  it('finds a batch and where it ends', () => {
    const both = after(batch, batchOf('de'))
    expect(cutBatch(both, 0)).toMatchObject({ type: 'batch', magic: 2, end: batch.length })
    const second = cutBatch(both, batch.length)
    expect(second.type === 'batch' && [...second.bytes]).toEqual([...batchOf('de')])
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['less than a length', batch.subarray(0, 11)],
    ['less than it says', batch.subarray(0, batch.length - 1)],
    ['less than a format', batch.subarray(0, 16)],
  ])('takes %s for nothing', (_, bytes) => {
    expect(cutBatch(bytes, 0)).toEqual({ type: 'none' })
  })

  it.each([
    ['a length that no format has', altered(batch, (view) => view.setInt32(AT.length, 13))],
    ['a negative length', altered(batch, (view) => view.setInt32(AT.length, -1))],
    ['a format of the future', altered(batch, (view) => view.setInt8(AT.magic, 3))],
    ['a negative format', altered(batch, (view) => view.setInt8(AT.magic, -1))],
  ])('knows that %s is no batch', (_, bytes) => {
    expect(cutBatch(bytes, 0)).toEqual({ type: 'corrupt' })
  })

  it('leaves old formats to whoever asked', () => {
    expect(
      cutBatch(
        altered(batch, (view) => view.setInt8(AT.magic, 1)),
        0,
      ),
    ).toMatchObject({ type: 'batch', magic: 1 })
  })
})
