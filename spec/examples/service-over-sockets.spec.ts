import { shownIn } from './shown-in'

// The example is a jest file of its own; loading it declares its tests.
import '../../examples/service-over-sockets'

it('examples/service-over-sockets is the file that docs/testing.md shows', () => {
  const { missing } = shownIn('testing.md', 'service-over-sockets.ts')
  expect(missing).toEqual([])
})
