import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(__dirname, '..', '..')
const FOLDER = join(ROOT, 'spec', 'simulation', 'mutants')
const patches = readdirSync(FOLDER).filter((name) => name.endsWith('.patch'))

/** They are hunted now and then only; a change that one no longer fits would be noticed long after it. */
describe('the mutants of the simulation', () => {
  it('are there', () => {
    expect(patches.length).toBeGreaterThan(0)
  })

  it.each(patches)('%s fits the tree', (name) => {
    expect(() => execFileSync('git', ['apply', '--check', join(FOLDER, name)], { cwd: ROOT, stdio: 'pipe' })).not.toThrow()
  })
})
