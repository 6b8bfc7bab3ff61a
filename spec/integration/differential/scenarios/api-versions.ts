/** ApiVersions at every version, and versions that nobody speaks. */
import { API_VERSIONS, versionsOf } from '../support/apis'
import { rawFrame } from '../support/client'
import { scenario } from '../support/scenario'
import type { Scenario } from '../support/scenario'

const NAMES = ['kafkarx', 'a', 'a.b-c', 'A1', '', ' ', 'a b', 'a_b', '-a', 'a-', '.a', 'a.', 'ä', 'x'.repeat(200)]
const API_KEY = 18

export const apiVersions: readonly Scenario[] = [
  scenario('ApiVersions', async ({ chance, client }) => {
    const asker = client()
    for (const version of versionsOf(API_VERSIONS)) {
      for (const clientSoftwareName of chance.shuffled(NAMES)) {
        await asker.ask(API_VERSIONS, version, { clientSoftwareName, clientSoftwareVersion: '1.0' })
        await asker.ask(API_VERSIONS, version, { clientSoftwareName: 'kafkarx', clientSoftwareVersion: clientSoftwareName })
      }
      for (const clusterId of [null, '', 'another']) {
        for (const nodeId of [-1, 0, 1, 2]) {
          await asker.tell(API_VERSIONS, version, { clientSoftwareName: 'a', clientSoftwareVersion: '1', clusterId, nodeId })
        }
      }
    }
  }),

  scenario('ApiVersions in versions that nobody speaks', async ({ client }) => {
    const asker = client()
    for (const version of [6, 7, 100, 32767, -1, -32768]) {
      for (const headerVersion of [1, 2] as const) {
        const bytes = rawFrame({ apiKey: API_KEY, version, headerVersion }, Buffer.from('whatever a later version says'))
        await asker.raw({ api: 'ApiVersions', version, label: `header ${headerVersion}`, bytes })
      }
      await asker.raw({ api: 'ApiVersions', version, label: 'no body', bytes: rawFrame({ apiKey: API_KEY, version, headerVersion: 2 }) })
    }
  }),
]
