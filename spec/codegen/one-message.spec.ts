import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(__dirname, '..', '..')

/** The files of `lib/` that a program of one import has loaded at its end. */
function loaded(kind: 'module' | 'commonjs', file: string): readonly string[] {
  const list = "console.log(JSON.stringify(Object.keys(require.cache).filter((path) => !path.includes('node_modules'))))"
  const program =
    kind === 'commonjs'
      ? `require('./${file}'); ${list}`
      : `import { createRequire } from 'node:module'; await import('./${file}.ts'); const require = createRequire(process.cwd() + '/'); ${list}`
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', `--input-type=${kind}`, '--eval', program], {
    cwd: root,
    encoding: 'utf8',
  })
  if (stdout === '') throw new Error(stderr)
  return (JSON.parse(stdout) as string[]).map((path) => path.slice(path.lastIndexOf('/lib/') + 1)).sort()
}

// The same of the built package, as its users have it: scripts/package-check/worlds.mjs.
describe('a program that imports one message', () => {
  it.each(['commonjs', 'module'] as const)('loads that one and what it runs on, as %s', (kind) => {
    const files = loaded(kind, 'lib/generated/messages/ProduceRequest')
    expect(files.filter((file) => file.startsWith('lib/generated/'))).toEqual(['lib/generated/messages/ProduceRequest.ts'])
    expect(files.filter((file) => !file.startsWith('lib/wire/'))).toEqual(['lib/errors.ts', 'lib/generated/messages/ProduceRequest.ts'])
  })

  it('does not load a message for the table of APIs', () => {
    expect(loaded('commonjs', 'lib/generated/apis')).toEqual(['lib/generated/apis.ts'])
  })
})
