import type { Socket } from '../../../lib/network/transport'
import { memoryNetwork } from '../../../lib/testing/memory/network'
import type { Conditions } from '../../../lib/testing/memory/network'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { clockOf } from '../../../lib/time'

const ADDRESS = { host: 'broker-1', port: 9092 }
const bytes = (text: string) => [Buffer.from(text)]

/** A network with one broker that answers everything with the same in capitals. */
const network = (conditions: Partial<Conditions> = {}) => {
  const time = virtualTime()
  const net = memoryNetwork({ clock: clockOf(time.scheduler), ...conditions })
  const log: string[] = []
  const note = (what: string) => void log.push(`${String(time.now)}: ${what}`)
  const brokerSockets: Socket[] = []
  net.listen(ADDRESS, {
    accept: (socket) => {
      brokerSockets.push(socket)
      socket.data.subscribe({
        next: (chunk) => {
          note(`broker got ${Buffer.from(chunk).toString()}`)
          socket.write([Buffer.from(Buffer.from(chunk).toString().toUpperCase())])
        },
        error: () => note('broker: broke'),
        complete: () => note('broker: closed'),
      })
    },
  })
  const connect = () => {
    const sockets: Socket[] = []
    const dialling = net.transport.connect(ADDRESS).subscribe({
      next: (socket) => {
        note('open')
        sockets.push(socket)
        socket.data.subscribe({
          next: (chunk) => note(`client got ${Buffer.from(chunk).toString()}`),
          error: () => note('client: broke'),
          complete: () => note('client: closed'),
        })
      },
      error: (error: unknown) => note(String(error)),
    })
    const socket = (): Socket => {
      if (sockets[0] === undefined) throw new Error('not open')
      return sockets[0]
    }
    return { dialling, socket }
  }
  return { time, net, log, connect, brokerSockets }
}

describe('memoryNetwork', () => {
  it('connects after a way there and back, and carries bytes both ways', () => {
    const { time, log, connect } = network({ latency: 10 })
    const { socket } = connect()
    time.advance(20)
    socket().write(bytes('hello'))
    time.advance(20)
    expect(log).toEqual(['20: open', '30: broker got hello', '40: client got HELLO'])
  })

  it('refuses where nobody listens, where it is told to, and where the listener does', () => {
    const { time, net, log, connect } = network()
    net.transport.connect({ host: 'nobody', port: 1 }).subscribe({ error: (error: unknown) => log.push(String(error)) })
    time.advance(0)
    net.change(ADDRESS, { reach: 'refused' })
    connect()
    time.advance(0)
    net.listen(ADDRESS, { accept: () => undefined, refuses: () => true })
    net.heal(ADDRESS)
    connect()
    time.advance(0)
    expect(log).toHaveLength(3)
    for (const entry of log) expect(entry).toContain('refused the connection')
    expect(net.dialled).toEqual(['nobody:1', 'broker-1:9092', 'broker-1:9092'])
  })

  it('keeps open connections when new ones are refused', () => {
    const { time, net, log, connect } = network()
    const { socket } = connect()
    time.advance(0)
    net.change(ADDRESS, { reach: 'refused' })
    socket().write(bytes('still there'))
    time.advance(0)
    expect(log).toContain('0: client got STILL THERE')
  })

  it('tells the other side that one has closed, behind what was written', () => {
    const { time, log, connect } = network({ latency: 1 })
    const { socket } = connect()
    time.advance(2)
    socket().write(bytes('bye'))
    time.advance(0)
    socket().close()
    time.advance(5)
    expect(log).toEqual(['2: open', '2: client: closed', '3: broker got bye', '3: broker: closed'])
  })

  it('breaks connections: both sides are told at once, what was on its way is lost, every write is given back', () => {
    const { time, net, log, connect } = network({ latency: 5 })
    const { socket } = connect()
    time.advance(10)
    socket().write(bytes('lost'), () => log.push('released'))
    net.cut(ADDRESS)
    time.advance(100)
    expect(log).toEqual(['10: open', '10: client: broke', '10: broker: broke', 'released'])
    expect(time.pending).toBe(0)
  })

  it('gives a write on a closed connection back, though nobody reads it', () => {
    const { time, log, connect } = network()
    const { socket } = connect()
    time.advance(0)
    socket().close()
    socket().write(bytes('too late'), () => log.push('released'))
    expect(log).not.toContain('released')
    time.advance(0)
    expect(log).toEqual(['0: open', '0: client: closed', '0: broker: closed', 'released'])
  })

  it('loses connections that are being made and bytes on their way for as long as nothing gets through, as TCP sends both anew', async () => {
    const { time, net, log, connect } = network()
    const { socket } = connect()
    time.advance(0)
    net.change(ADDRESS, { reach: 'lost' })
    socket().write(bytes('late'))
    connect()
    await time.settle()
    expect(log).toEqual(['0: open'])
    time.advance(3_600_000)
    net.heal(ADDRESS)
    await time.settle()
    expect(log.slice(1).sort()).toEqual(['3600000: broker got late', '3600000: client got LATE', '3600000: open'])
  })

  it('forgets who gave up connecting', async () => {
    const { time, net, log, connect } = network()
    net.change(ADDRESS, { reach: 'lost' })
    const { dialling } = connect()
    time.advance(10)
    dialling.unsubscribe()
    net.heal(ADDRESS)
    await time.settle()
    expect(log).toEqual([])
  })

  it('keeps what arrives before anybody reads', () => {
    const { time, log, connect, brokerSockets } = network()
    connect()
    time.advance(0)
    const sockets: Socket[] = []
    const other = memoryNetwork({ clock: clockOf(time.scheduler) })
    other.listen(ADDRESS, { accept: (socket) => socket.write(bytes('early')) })
    other.transport.connect(ADDRESS).subscribe((socket) => sockets.push(socket))
    time.advance(0)
    sockets[0]?.data.subscribe((chunk) => log.push(Buffer.from(chunk).toString()))
    expect(brokerSockets).toHaveLength(1)
    expect(log.at(-1)).toBe('early')
  })
})
