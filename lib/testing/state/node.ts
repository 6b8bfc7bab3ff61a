/** A broker as the cluster sees it. */
import type { Address } from '../../network/transport'
import type { NodeId } from '../../record'

/** Where a client came in; it is told the addresses that it can reach from there. */
export type ListenerName = 'memory' | 'socket'

/** `paused`: it is there and does nothing, like a process that was stopped with a signal. */
export type NodeStatus = 'up' | 'paused' | 'down'

export interface ClusterNode {
  readonly id: NodeId
  readonly rack: string | null
  status: NodeStatus
  /** Cut off from its clients, from the other brokers and from the controller. */
  isolated: boolean
  /** The controller has given it up: no partition is led by it, and metadata does not name it. */
  fenced: boolean
  /** Host and port, by listener. */
  readonly addresses: Partial<Record<ListenerName, Address>>
}

/** Follows its leaders, answers clients, and tells the controller that it is there. */
export const isAlive = ({ status, isolated }: ClusterNode): boolean => status === 'up' && !isolated
