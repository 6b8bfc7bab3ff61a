import type { Delivery, Outlet, StreamTraits } from '../record'
import { Fifo } from '../fifo'
import { workLoop } from './work-loop'

/** The outlet of one record, in line with those of the records before and after it. */
class Place<C> implements Outlet<C> {
  readonly stream: StreamTraits | undefined
  delivery: Delivery<C> | undefined

  constructor(
    readonly next: Outlet<C>,
    readonly position: number,
    private readonly moved: () => void,
  ) {
    this.stream = next.stream
  }

  settle(delivery: Delivery<C>): void {
    this.delivery = delivery
    this.moved()
  }
}

/**
 * Deliveries in the order of the records: what is settled early waits for those before it. Gives each record an outlet of its own in
 * front of the one it would have had, and says which have given theirs. A loop, and no recursion: a subscriber may send from within a delivery, and that may settle at once.
 */
export function inputOrder<C>(given?: (outlet: Outlet<C>) => void): (outlet: Outlet<C>) => Outlet<C> {
  const line = new Fifo<Place<C>>()
  let places = 0
  const release = workLoop(() => {
    for (let { head } = line; head?.delivery !== undefined; head = line.head) {
      line.shift()
      head.next.settle(head.delivery)
      given?.(head)
    }
  })
  return (outlet) => {
    const place = new Place(outlet, places++, release)
    line.push(place)
    return place
  }
}
