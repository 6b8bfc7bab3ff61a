import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './file-map'

interface Locked {
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly hasInstallScript?: boolean
  readonly resolved?: string
}

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean } | undefined>>
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'))
const manifest = readJson('package.json') as Manifest
const lock = readJson('package-lock.json') as { packages: Readonly<Record<string, Locked>> }
const locked = Object.entries(lock.packages)

describe('what users install', () => {
  it('runs no script when it is installed', () => {
    const scripts = Object.keys(manifest.scripts).filter((name) => ['preinstall', 'install', 'postinstall', 'prepare'].includes(name))
    const packages = locked.filter(([, { dev, devOptional, hasInstallScript }]) => hasInstallScript && !dev && !devOptional)
    expect([...scripts, ...packages.map(([path]) => path)]).toEqual([])
  })

  it('needs rxjs beside it, one serializer and one optional checksum; codecs only for who compresses', () => {
    const needed = Object.keys(manifest.peerDependencies).filter((name) => manifest.peerDependenciesMeta[name]?.optional !== true)
    expect(needed).toEqual(['rxjs'])
    expect(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })).toEqual(['@msgpack/msgpack', '@node-rs/crc32'])
  })
})

describe('package-lock.json', () => {
  it('names no registry, so that it installs from any', () => {
    expect(locked.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([])
  })
})
