/** What no client should send: apis and versions that nobody speaks, bytes too many and too few; and SASL where nobody asks for it. */
import { apis } from '../../../../lib/generated/apis'
import type { Api as ApiFacts, ApiName } from '../../../../lib/generated/apis'
import { FIND_COORDINATOR, HEARTBEAT, SASL_AUTHENTICATE, SASL_HANDSHAKE, versionsOf } from '../support/apis'
import { framed, rawFrame } from '../support/client'
import { scenario } from '../support/scenario'
import type { Scenario } from '../support/scenario'

const HEADER_END = 4 + 2 + 2 + 4 + 2 + 'differential'.length

const resized = (bytes: Uint8Array, size = bytes.length - 4): Uint8Array => {
  const copy = Uint8Array.from(bytes)
  new DataView(copy.buffer).setInt32(0, size)
  return copy
}

const heartbeat = { groupId: 'nobody', generationId: 1, memberId: 'x' }

export const wire: readonly Scenario[] = [
  scenario('apis that nobody speaks', async ({ client }) => {
    const asker = client()
    for (const apiKey of [-1, 4, 5, 6, 7, 95, 999, 32767, -32768]) {
      for (const version of [0, 1, -1, 100]) {
        await asker.raw({ api: 'ApiVersions', version, label: `api ${apiKey}`, bytes: rawFrame({ apiKey, version }, Buffer.alloc(20)) })
      }
    }
  }),

  scenario('versions that nobody speaks', async ({ client }) => {
    const asker = client()
    for (const { name, apiKey, validVersions } of Object.values<ApiFacts>(apis)) {
      if (validVersions === null || name === 'ApiVersions') continue
      const versions = [validVersions.min - 1, validVersions.max + 1, 32767, -1]
      for (const version of new Set(versions)) {
        for (const headerVersion of [1, 2] as const) {
          const bytes = rawFrame({ apiKey, version, headerVersion }, Buffer.alloc(64))
          await asker.raw({ api: name as ApiName, version, label: `header ${headerVersion}`, bytes })
        }
      }
    }
  }),

  scenario('frames that are no requests', async ({ client }) => {
    const asker = client()
    const good = framed(HEARTBEAT, 4, heartbeat)
    const frames: Readonly<Record<string, Uint8Array>> = {
      'a length of 0': Uint8Array.of(0, 0, 0, 0),
      'a negative length': Uint8Array.of(255, 255, 255, 255),
      'a length of 2 GiB': Uint8Array.of(127, 255, 255, 255, 1, 2, 3),
      'a length of 101 MiB': resized(good, 101 * 1024 * 1024),
      'a length that is not reached': resized(good, good.length),
      'a length that ends within': resized(good.subarray(0, good.length - 3)),
      'half a length': good.subarray(0, 2),
      'one byte': resized(good.subarray(0, 5)),
      'half an api key': resized(good.subarray(0, 6)),
      'half a header': resized(good.subarray(0, 10)),
      'a header that ends in its client id': resized(good.subarray(0, HEADER_END - 3)),
      'a header alone': resized(good.subarray(0, HEADER_END)),
      HTTP: Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
      TLS: Uint8Array.of(22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3),
      nothing: new Uint8Array(0),
    }
    for (const [label, bytes] of Object.entries(frames)) await asker.raw({ api: 'Heartbeat', version: 4, label, bytes, withinMs: 250 })
  }),

  scenario('bytes too many and too few', async ({ chance, client }) => {
    const asker = client()
    for (const version of versionsOf(HEARTBEAT)) {
      const good = framed(HEARTBEAT, version, heartbeat)
      await asker.raw({ api: 'Heartbeat', version, label: 'as it should be', bytes: good })
      for (const more of [1, 4, 100]) {
        await asker.raw({ api: 'Heartbeat', version, label: `${more} more`, bytes: resized(Buffer.concat([good, Buffer.alloc(more)])) })
      }
      for (let cut = 1; cut < good.length - HEADER_END; cut += chance.between(1, 3)) {
        await asker.raw({ api: 'Heartbeat', version, label: `${cut} fewer`, bytes: resized(good.subarray(0, good.length - cut)) })
      }
    }
    for (const version of versionsOf(FIND_COORDINATOR)) {
      const good = framed(FIND_COORDINATOR, version, version < 4 ? { key: 'x' } : { coordinatorKeys: ['x'] })
      const last = good.length - 1
      const damages = Array.from({ length: 8 }, () => [chance.between(HEADER_END, last), chance.pick([0x7f, 0x41, 0])] as const)
      // Lengths and counts far beyond, and negative.
      const lengths = [HEADER_END, HEADER_END + 1].flatMap((position) => [0x80, 0xff].map((byte) => [position, byte] as const))
      for (const [position, byte] of [...damages, ...lengths]) {
        const damaged = Uint8Array.from(good)
        damaged[position] = byte
        const label = `damaged ${Buffer.from(damaged).toString('hex')}`
        await asker.raw({ api: 'FindCoordinator', version, label, bytes: damaged, decode: FIND_COORDINATOR })
      }
    }
  }),

  scenario('text that is none', async ({ client }) => {
    const bytes = Uint8Array.from(framed(HEARTBEAT, 4, { ...heartbeat, memberId: 'xyz' }))
    bytes[bytes.lastIndexOf(0x79)] = 0xff
    await client().raw({ api: 'Heartbeat', version: 4, label: 'a byte that no UTF-8 has', bytes })
  }),

  scenario('SASL where nobody asks for it', async ({ chance, client }) => {
    const asker = client()
    for (let i = 0; i < 3; i++) {
      for (const version of versionsOf(SASL_HANDSHAKE)) {
        for (const mechanism of chance.shuffled(['PLAIN', 'SCRAM-SHA-256', '', 'nonsense']))
          await asker.tell(SASL_HANDSHAKE, version, { mechanism })
      }
      for (const version of versionsOf(SASL_AUTHENTICATE)) {
        for (const authBytes of [Buffer.alloc(0), Buffer.from('\0user\0secret'), chance.bytes(40)]) {
          await asker.tell(SASL_AUTHENTICATE, version, { authBytes })
        }
      }
    }
  }),
]
