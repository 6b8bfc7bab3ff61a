import type { Client } from './client'
import { nodeProgram } from './node-program'
import { built } from './programs'

/** What the broker takes at most from one connection. */
export const ceiling: Client = {
  name: 'ceiling',
  title: 'ceiling',
  share: 1,
  prepare: () => ({
    version: `encoded requests on a raw socket, Node ${process.version}`,
    run: nodeProgram({ program: 'ceiling', library: built('entries/protocol.js') }),
  }),
}
