import { NEVER, Observable, of, Subject, throwError } from 'rxjs'
import { ProtocolError } from '../../../lib/errors'
import { ApiVersionsRequest } from '../../../lib/generated/messages/ApiVersionsRequest'
import { ApiVersionsResponse } from '../../../lib/generated/messages/ApiVersionsResponse'
import { DescribeClusterRequest } from '../../../lib/generated/messages/DescribeClusterRequest'
import { DescribeClusterResponse } from '../../../lib/generated/messages/DescribeClusterResponse'
import type { DescribeClusterResponseInput } from '../../../lib/generated/messages/DescribeClusterResponse'
import { RequestHeader } from '../../../lib/generated/messages/RequestHeader'
import type { Socket } from '../../../lib/network/transport'
import { decodeResponse, encodeRequest } from '../../../lib/protocol/envelope'
import { Broker } from '../../../lib/testing/broker/broker'
import type { Arrived } from '../../../lib/testing/broker/disturbances'
import { undisturbed } from '../../../lib/testing/broker/disturbances'
import { handler } from '../../../lib/testing/broker/handler'
import type { Answer, Ask } from '../../../lib/testing/broker/handler'
import { settingsOf } from '../../../lib/testing/settings'
import type { TestClusterOptions } from '../../../lib/testing/settings'
import { ClusterState } from '../../../lib/testing/state/cluster-state'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { clockOf } from '../../../lib/time'
import { Writer } from '../../../lib/wire/writer'

const ANSWER: DescribeClusterResponseInput = {
  throttleTimeMs: 0,
  errorCode: 0,
  errorMessage: null,
  clusterId: 'c',
  controllerId: 1,
  brokers: [],
}

const REQUEST = { includeClusterAuthorizedOperations: false }

/** One broker that knows two apis, of which one answers as it is told, and a client's end of a connection to it. */
const broker = (answer: (ask: Ask) => Answer<DescribeClusterResponseInput>, options: TestClusterOptions = {}) => {
  const time = virtualTime()
  const cluster = new ClusterState(settingsOf(options), clockOf(time.scheduler))
  const node = cluster.nodes.get(1)
  if (node === undefined) throw new Error('no broker')
  const apis = [
    handler({ request: DescribeClusterRequest, response: DescribeClusterResponse }, (_, ask) => answer(ask)),
    handler({ request: ApiVersionsRequest, response: ApiVersionsResponse }, () => ({ errorCode: 0, apiKeys: [] })),
  ]
  const problems: unknown[] = []
  const arrived: Arrived[] = []
  const it = new Broker({
    ...{ node, cluster, disturbances: undisturbed },
    handlers: new Map(apis.map((each) => [each.apiKey, each])),
    arrived: (each) => arrived.push(each),
    failed: (problem) => problems.push(problem),
  })
  const fromClient = new Subject<Uint8Array>()
  const answers: Buffer[] = []
  const releases: (() => void)[] = []
  let closed = 0
  const socket: Socket = {
    data: fromClient,
    write: (chunks, released) => {
      answers.push(Buffer.concat(chunks))
      if (released !== undefined) releases.push(released)
    },
    close: () => void closed++,
  }
  it.accept(socket, 'memory')
  let correlationId = 0
  const ask = (version = 1): void => {
    const head = { clientId: 'spec', correlationId: ++correlationId }
    fromClient.next(Buffer.concat(encodeRequest(DescribeClusterRequest, REQUEST, version, head)))
  }
  const answered = () => answers.map((frame) => frame.readInt32BE(4))
  const release = () => releases.splice(0).forEach((each) => each())
  return { ...{ it, node, cluster, time, fromClient, answers, answered, problems, arrived, ask, release }, closed: () => closed > 0 }
}

describe('Broker', () => {
  it('answers one request of a connection after the other', () => {
    const answers: Subject<DescribeClusterResponseInput>[] = []
    const { ask, answered } = broker(() => {
      const answer$ = new Subject<DescribeClusterResponseInput>()
      answers.push(answer$)
      return answer$
    })
    ask()
    ask()
    expect(answers).toHaveLength(1)
    answers[0]?.next(ANSWER)
    answers[0]?.complete()
    expect([answers.length, answered()]).toEqual([2, [1]])
  })

  it('sends nothing where an api has no answer, and goes on', () => {
    let left = 2
    const { ask, answered } = broker(() => (--left > 0 ? new Observable((subscriber) => subscriber.complete()) : ANSWER))
    ask()
    ask()
    expect(answered()).toEqual([2])
  })

  it.each([
    ['an api that it does not know', Buffer.from([0, 0, 0, 12, 0x7f, 0xff, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0, 0])],
    ['a length that is none', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['a length beyond socket.request.max.bytes', Buffer.from([0x7f, 0xff, 0xff, 0xff])],
    ['a frame without a header', Buffer.from([0, 0, 0, 1, 0])],
  ])('hangs up on %s, without a word and without a problem', (_what, bytes) => {
    const { fromClient, answers, closed, problems, it: self } = broker(() => ANSWER)
    fromClient.next(bytes)
    expect([closed(), answers, problems, self.connections]).toEqual([true, [], [], 0])
  })

  it('does not look at bytes behind a request', () => {
    const { fromClient, answered, closed } = broker(() => ANSWER)
    const request = Buffer.concat([
      ...encodeRequest(DescribeClusterRequest, REQUEST, 1, { clientId: null, correlationId: 1 }),
      Buffer.from([7]),
    ])
    request.writeInt32BE(request.length - 4)
    fromClient.next(request)
    expect([closed(), answered()]).toEqual([false, [1]])
  })

  it('hangs up on versions that it was told not to speak', () => {
    const older = broker(() => ANSWER, { versions: { DescribeCluster: { min: 0, max: 0 } } })
    older.ask(0)
    expect([older.closed(), older.answered()]).toEqual([false, [1]])
    older.ask(1)
    older.release()
    expect(older.closed()).toBe(true)
  })

  it('answers an ApiVersions of the future at version 0, with its range', () => {
    const { fromClient, answers } = broker(() => ANSWER)
    const request = Buffer.concat(encodeRequest(ApiVersionsRequest, {}, 4, { clientId: 'new', correlationId: 9 }))
    request.writeInt16BE(99, 6)
    fromClient.next(request)
    const answer = decodeResponse(ApiVersionsResponse, Buffer.concat(answers).subarray(4), 0)
    expect(answer).toMatchObject({ errorCode: 35, apiKeys: [{ apiKey: 18, minVersion: 0 }] })
  })

  it('reads the header of an ApiVersions of the future as that of the newest it knows, and of one before all as that of the first', () => {
    const asked = (version: number, headerVersion: number) => {
      const { fromClient, answers, closed } = broker(() => ANSWER)
      const writer = new Writer()
      writer.int32(0)
      const head = { requestApiKey: ApiVersionsRequest.apiKey ?? 0, requestApiVersion: version, correlationId: 9, clientId: 'new' }
      RequestHeader.write(writer, head, headerVersion)
      // To a reader of the newer header, the number of tagged fields: far more than there are bytes.
      writer.raw(Uint8Array.of(0x7f, 0x01))
      const request = Buffer.from(writer.finish())
      request.writeInt32BE(request.length - 4)
      fromClient.next(request)
      return { answers: answers.length, closed: closed() }
    }
    expect(asked(99, 2)).toEqual({ answers: 1, closed: false })
    expect(asked(99, 1)).toEqual({ answers: 0, closed: true })
    expect(asked(-1, 1)).toEqual({ answers: 1, closed: false })
  })

  it('reports a defect of an api, and ends that connection', () => {
    const defect = new Error('a defect')
    for (const answer of [
      () => {
        throw defect
      },
      () => throwError(() => defect),
    ]) {
      const { ask, answered, problems, closed } = broker(answer)
      ask()
      ask()
      expect([answered(), problems, closed()]).toEqual([[], [defect], true])
    }
  })

  it('reports an answer that cannot be written', () => {
    const { ask, problems, closed } = broker(() => ({ ...ANSWER, clusterId: null as unknown as string }))
    ask()
    expect([problems, closed()]).toEqual([[expect.objectContaining({ message: expect.stringContaining('cannot be written') })], true])
  })

  it('takes a ProtocolError of an api for its wish to hang up, after what it said before', () => {
    const { ask, answered, problems, closed, release } = broker(
      () =>
        new Observable((subscriber) => {
          subscriber.next(ANSWER)
          subscriber.error(new ProtocolError('enough'))
        }),
    )
    ask()
    expect([answered(), closed(), problems]).toEqual([[1], false, []])
    release()
    expect(closed()).toBe(true)
  })

  it('ends what waits when the client has left, and still handles what the client had said before', () => {
    let waiting = 0
    const {
      ask,
      fromClient,
      arrived,
      closed,
      it: self,
    } = broker(
      () =>
        new Observable(() => {
          waiting++
          return () => void waiting--
        }),
    )
    ask()
    ask()
    ask()
    expect([waiting, arrived.length]).toEqual([1, 1])
    fromClient.complete()
    expect([waiting, arrived.length, closed(), self.connections]).toEqual([0, 3, true, 0])
  })

  it('forgets what the client had said when the connection broke', () => {
    const { ask, fromClient, arrived, it: self } = broker(() => NEVER)
    ask()
    ask()
    fromClient.error(new ProtocolError('broke'))
    expect([arrived.length, self.connections]).toEqual([1, 0])
  })

  it('hears nothing of a broker that hung up', () => {
    const answer$ = new Subject<DescribeClusterResponseInput>()
    const { ask, answers, closed, it: self } = broker(() => answer$)
    ask()
    self.hangUp()
    answer$.next(ANSWER)
    expect([answers, closed(), answer$.observed]).toEqual([[], true, false])
  })

  it('closes at once on whoever comes while it is down', () => {
    const { it: self, node } = broker(() => of(ANSWER))
    node.status = 'down'
    let closed = false
    self.accept({ data: NEVER, write: () => undefined, close: () => (closed = true) }, 'memory')
    expect([closed, self.connections]).toEqual([true, 1])
  })

  it('arms nothing by itself', () => {
    const { ask, time } = broker(() => ANSWER)
    ask()
    expect(time.pending).toBe(0)
  })
})
