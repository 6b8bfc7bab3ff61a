import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { locked } from '../../kafka/lock'

describe('locked', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kafkarx-lock-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('lets one in at a time, and leaves no file', async () => {
    let inside = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++inside)
      await turn()
      inside--
    }
    await Promise.all([1, 2, 3].map(() => locked(join(folder, 'lock'), work)))
    expect(most).toBe(1)
    expect(await readdir(folder)).toEqual([])
  })

  it('is open again after a failure', async () => {
    const file = join(folder, 'lock')
    await expect(locked(file, () => Promise.reject(new Error('work failed')))).rejects.toThrow('work failed')
    expect(await locked(file, () => Promise.resolve('in'))).toBe('in')
  })

  it('takes the lock of a process that is gone', async () => {
    const file = join(folder, 'lock')
    // Above the largest process id of Linux (2^22).
    await writeFile(file, '99999999')
    expect(await locked(file, () => Promise.resolve('in'))).toBe('in')
  })
})
