/** What can be set to something: Kafka's numbers. */
export const CONFIG_RESOURCES = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const

/** A number that Kafka would not read as a broker's id is undefined. */
export const brokerIdOf = (name: string): number | undefined => (/^[+-]?\d+$/.test(name) ? Number(name) : undefined)
