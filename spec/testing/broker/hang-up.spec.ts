import { answerAndHangUp, hangUp } from '../../../lib/testing/broker/hang-up'
import { settingsOf } from '../../../lib/testing/settings'
import { ClusterState } from '../../../lib/testing/state/cluster-state'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { clockOf } from '../../../lib/time'

function waiting() {
  const time = virtualTime()
  const cluster = new ClusterState(settingsOf({ configs: { 'connection.failed.authentication.delay.ms': '40' } }), clockOf(time.scheduler))
  const seen: string[] = []
  const observer = {
    next: (answer: string) => seen.push(`${String(time.now)} ${answer}`),
    error: (error: Error) => seen.push(`${String(time.now)} ${error.message}`),
    complete: () => seen.push('complete'),
  }
  return { time, cluster, seen, observer }
}

describe('hanging up', () => {
  it('lets a client that failed wait, answers, and ends the connection', () => {
    const { time, cluster, seen, observer } = waiting()
    answerAndHangUp('no', cluster).subscribe(observer)
    time.advance(100)

    expect(seen).toEqual(['40 no', '40 The login failed'])
  })

  it('does so without an answer too', () => {
    const { time, cluster, seen, observer } = waiting()
    hangUp(cluster).subscribe(observer)
    time.advance(100)

    expect(seen).toEqual(['40 The login failed'])
  })

  it('leaves no timer behind when the client has gone', () => {
    const { time, cluster, seen, observer } = waiting()
    answerAndHangUp('no', cluster).subscribe(observer).unsubscribe()
    time.advance(100)

    expect(seen).toEqual([])
  })
})
