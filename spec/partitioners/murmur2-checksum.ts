/**
 * Prints the sum of the hashes of a hundred thousand random keys, a hundred of each length up to 1000, as UtilsTest of Kafka makes it.
 * A program and not part of the spec: what jest loads pays for every look at a global such as Math, and takes ten times as long.
 */
import { murmur2 } from '../../lib/partitioners/murmur2'
import { splittableRandom } from './splittable-random'

const random = splittableRandom(0)
let sum = 0
for (let length = 0; length <= 1000; length++) {
  const key = new Uint8Array(length)
  for (let trial = 0; trial < 100; trial++) {
    random.fill(key)
    sum += murmur2(key) >>> 0
  }
}
console.log(sum.toString(16))
