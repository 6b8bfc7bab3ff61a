import type * as SerializeFile from '../../../../lib/pipeline/serialize'
import type * as TextFile from '../../../../lib/serializers/text'
import { entrance } from '../entrance'
import { countingOutlet, textRecords } from '../records'
import { expectDone } from '../step'
import type { Step } from '../step'

/** Key and value are text. */
export const step: Step = {
  unit: 'record',
  warmUp: 10_000,
  each: 2_000,
  open: (library) => {
    const { serialize } = library.load<typeof SerializeFile>('pipeline/serialize')
    const { string } = library.load<typeof TextFile>('serializers/text')
    const outlet = countingOutlet()
    let done = 0
    const serde = { key: string(), value: string() }
    const push = entrance(serialize<string, string, number>(serde, { accept: () => outlet }), () => void done++)
    const next = textRecords()
    return (units) => {
      const before = done
      for (let i = 0; i < units; i++) push(next())
      expectDone(done - before, units)
    }
  },
}
