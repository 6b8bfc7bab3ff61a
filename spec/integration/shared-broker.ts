import type { Kafka } from '../../kafka/broker'

/** Jest runs set-up and teardown in one process, but loads their modules apart: only the global object is common to both. */
const shared = globalThis as { kafkarxBroker?: Kafka }

export const keepBroker = (kafka: Kafka): void => {
  shared.kafkarxBroker = kafka
}

export const stopBroker = async (): Promise<void> => {
  await shared.kafkarxBroker?.stop()
  delete shared.kafkarxBroker
}

/** How the specs' processes, which inherit the environment, learn the address, or why there is none. */
export const BOOTSTRAP = 'KAFKARX_SPEC_BOOTSTRAP'
export const WITHOUT_KAFKA = 'KAFKARX_SPEC_WITHOUT_KAFKA'
