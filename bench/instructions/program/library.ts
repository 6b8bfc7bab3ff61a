import { createRequire } from 'node:module'
import { join } from 'node:path'

/** A built library of whatever commit: its modules one by one, so that a step loads no more than it runs on. */
export interface Library {
  /** `path`: within `lib/`, without extension. Throws where that commit has no such file. */
  load<Module>(path: string): Module
}

export function libraryIn(folder: string): Library {
  const require = createRequire(join(folder, 'index.js'))
  return { load: <Module>(path: string) => require(join(folder, `${path}.js`)) as Module }
}
