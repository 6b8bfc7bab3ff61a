// Both module systems of one process must see the same classes, and one message must not drag in the others.
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const loaded = () => Object.keys(require.cache).filter((file) => /generated[\\/]messages[\\/]/.test(file))

/** @param {boolean} holds @param {string} otherwise */
const check = (holds, otherwise) => {
  if (!holds) throw new Error(otherwise)
}

const name = 'kafkarx/protocol/messages/ProduceRequest'
const message = await import(name)
check(loaded().length === 1, `${name} loads ${loaded().length} messages`)
check(require(name).ProduceRequest === message.ProduceRequest, `${name}: import and require differ`)

for (const entry of ['kafkarx', 'kafkarx/protocol']) {
  const imported = await import(entry)
  const required = require(entry)
  const names = Object.keys(required)
  check(names.length > 0, `${entry} exports nothing`)
  check(
    names.every((each) => imported[each] === required[each]),
    `${entry}: import and require differ`,
  )
  check(Object.keys(imported).length === names.length, `${entry}: import has other names than require`)
  console.log(`${entry}: ${names.length} names, the same for import and require`)
}
