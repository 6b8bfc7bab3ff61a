import { frames } from '../../../lib/network/frames'
import { MetadataRequest } from '../../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../../lib/generated/messages/MetadataResponse'
import { SaslHandshakeRequest } from '../../../lib/generated/messages/SaslHandshakeRequest'
import type { Socket } from '../../../lib/network/transport'
import { decodeResponse, encodeRequest } from '../../../lib/protocol/envelope'
import { testCluster } from '../../../lib/testing/test-cluster'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { bytes, scramProof, text } from '../support/logging-in'

const ORIGIN = { clientId: 'old', correlationId: 1 }

/** A connection whose handshake was made in version 0. */
function shakenHands(mechanism: string) {
  const time = virtualTime()
  const cluster = testCluster({ users: { alice: 'secret' }, scheduler: time.scheduler })
  const sockets: Socket[] = []
  cluster.transport.connect({ host: 'broker-1', port: 9092 }).subscribe((socket) => sockets.push(socket))
  time.advance(0)
  const [socket] = sockets
  if (socket === undefined) throw new Error('The broker cannot be reached')
  const answers: (Uint8Array | 'end')[] = []
  socket.data.pipe(frames(1_000_000)).subscribe({ next: (frame) => answers.push(frame), complete: () => answers.push('end') })

  const write = (chunks: readonly Uint8Array[]): Uint8Array | 'end' | undefined => {
    socket.write(chunks)
    time.advance(0)
    return answers.pop()
  }
  const send = (token: string): string | undefined => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(bytes(token).length)
    const answer = write([length, bytes(token)])
    return answer === undefined || answer === 'end' ? answer : text(answer)
  }
  const brokers = (): number => {
    const answer = write(encodeRequest(MetadataRequest, { topics: [] }, 12, ORIGIN))
    if (answer === undefined || answer === 'end') throw new Error('There is no answer')
    return decodeResponse(MetadataResponse, answer, 12).brokers.length
  }
  write(encodeRequest(SaslHandshakeRequest, { mechanism }, 0, ORIGIN))
  return { time, send, brokers, answers }
}

describe('tokens without headers', () => {
  it('log in with PLAIN, answered by an empty one', () => {
    const { send, brokers } = shakenHands('PLAIN')

    expect(send('\0alice\0secret')).toBe('')
    expect(brokers()).toBe(1)
  })

  it('log in with SCRAM', () => {
    const { send, brokers } = shakenHands('SCRAM-SHA-512')
    const bare = 'n=alice,r=abcdef'
    const challenge = send(`n,,${bare}`) ?? ''
    const { final, signature } = scramProof({ mechanism: 'SCRAM-SHA-512', password: 'secret', bare, challenge })

    expect(send(final)).toBe(signature)
    expect(brokers()).toBe(1)
  })

  it('end the connection without a word when they are wrong, after a while', () => {
    const { time, send, answers } = shakenHands('PLAIN')

    expect(send('\0alice\0guess')).toBeUndefined()
    time.advance(99)
    expect(answers).toEqual([])
    time.advance(1)
    expect(answers).toEqual(['end'])
  })
})
