// Makes a checkout ready to run: installs and generates what is missing or stale, and nothing else.
// Plain Node without dependencies, because it runs before anything is installed. `npm start` and `npm test` begin with it.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const stamp = join(root, '.cache', 'generated.json')

/** To stderr, so that what the command itself prints can be piped on. @param {string} line */
const say = (line) => process.stderr.write(`ready: ${line}\n`)

/**
 * @param {string} what
 * @param {string} command
 * @param {readonly string[]} args
 */
function run(what, command, args) {
  const { status, error, stdout } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' })
  if (status === 0) return
  say(`${what} failed${error ? `: ${error.message}` : ''}`)
  process.stderr.write(stdout ?? '')
  process.exit(status ?? 1)
}

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

/**
 * npm writes down what it installed as its last step; when that says the same as package-lock.json there is nothing to do,
 * whoever installed it. Optional packages may be absent: they belong to other platforms.
 */
function isInstalled() {
  const record = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const installed = readJson(record).packages
  return Object.entries(readJson(join(root, 'package-lock.json')).packages).every(
    ([path, wanted]) =>
      path === '' ||
      (installed[path] ? installed[path].version === wanted.version && installed[path].integrity === wanted.integrity : wanted.optional),
  )
}

/**
 * npm hands its settings to the scripts it starts, and so to an npm within them: these must hold whatever the outer one was
 * asked for (`npm pack --dry-run` builds, and therefore comes here).
 */
const REGARDLESS = ['--include=dev', '--include=optional', '--dry-run=false', '--global=false', '--json=false']

function install() {
  if (isInstalled()) return
  say('installing the packages of package-lock.json (npm ci)')
  const npm = process.env.npm_execpath ?? ''
  const args = ['ci', ...REGARDLESS, '--no-audit', '--no-fund', '--no-progress', '--loglevel=error']
  if (basename(npm) === 'npm-cli.js') run('npm ci', process.execPath, [npm, ...args])
  else run('npm ci', 'npm', args)
}

/**
 * A digest of the names and contents of all files below the folders; of an absent folder nothing.
 * @param {readonly string[]} folders
 */
function digest(...folders) {
  const hash = createHash('sha256')
  for (const file of folders.flatMap((folder) => filesBelow(join(root, folder)))) {
    const content = readFileSync(file)
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(folder) {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

/** The output counts too: a generated file that was edited or deleted is stale. */
const state = () => ({ from: digest('schemas', 'codegen'), to: digest('lib/generated') })

function isGenerated() {
  if (!existsSync(stamp)) return false
  const now = state()
  const then = readJson(stamp)
  return now.from === then.from && now.to === then.to
}

function generate() {
  if (isGenerated()) return
  say('generating lib/generated from schemas/')
  run('codegen', process.execPath, [join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs'), join('codegen', 'main.ts')])
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, JSON.stringify(state()))
}

install()
generate()
