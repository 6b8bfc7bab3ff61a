import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { locked } from './lock'

export const CACHE = join(__dirname, '..', '.cache')

/**
 * A folder of the cache, named after what it was made from. It is filled under another name and renamed, so a folder that exists is whole:
 * the second caller pays one look, needs no network, and an interrupted one leaves nothing that could be mistaken for a result.
 */
export const cached = async (name: string, fill: (folder: string) => Promise<void>): Promise<string> => {
  const folder = join(CACHE, name)
  if (existsSync(folder)) return folder
  await mkdir(dirname(folder), { recursive: true })
  await locked(`${folder}.lock`, async () => {
    if (existsSync(folder)) return
    const unfinished = `${folder}.part`
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished)
    await fill(unfinished)
    await rename(unfinished, folder)
  })
  return folder
}
