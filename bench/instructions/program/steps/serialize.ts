import type * as SerializeFile from '../../../../lib/pipeline/serialize'
import { entrance } from '../entrance'
import { countingOutlet, producerRecords } from '../records'
import { expectDone } from '../step'
import type { Step } from '../step'

/** Bytes that are bytes already. */
export const step: Step = {
  unit: 'record',
  warmUp: 20_000,
  each: 5_000,
  open: (library) => {
    const { serialize } = library.load<typeof SerializeFile>('pipeline/serialize')
    const outlet = countingOutlet()
    let done = 0
    const push = entrance(serialize<Uint8Array, Uint8Array, number>({}, { accept: () => outlet }), () => void done++)
    const next = producerRecords()
    return (units) => {
      const before = done
      for (let i = 0; i < units; i++) push(next())
      expectDone(done - before, units)
    }
  },
}
