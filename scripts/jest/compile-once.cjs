// Jest's environment for Node, in which a file is compiled once in a worker and not once for each suite that loads it: half of what a short suite costs.
// Jest hands every module to `vm.compileFunction`, whose result belongs to one context; a `vm.Script` runs in any, with what V8 has compiled of it so far.
// What is lost is `import()` in what specs load: of that there is none, and it would fail and say so (ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING).
const vm = require('node:vm')
const { TestEnvironment } = require('jest-environment-node')

/** By file and then by text: what is mocked or edited while jest watches is another script. */
const scripts = new Map()

function scriptOf(code, parameters, filename) {
  const known = scripts.get(filename)
  if (known?.code === code) return known.script
  const head = `(function (${parameters.join(', ')}) {`
  // As if the head were not there: a stack names the columns of the file.
  const script = new vm.Script(`${head}${code}\n})`, { filename, columnOffset: -head.length })
  scripts.set(filename, { code, script })
  return script
}

const { compileFunction } = vm
vm.compileFunction = (code, parameters, options) => {
  const { filename, parsingContext } = options
  if (parsingContext === undefined) return compileFunction(code, parameters, options)
  return scriptOf(code, parameters, filename).runInContext(parsingContext)
}

module.exports = TestEnvironment
