import { stopBroker } from './shared-broker'

// Jest takes the default export and nothing else.
export default stopBroker
