/** Which versions of an api the cluster's brokers speak. */
import type { VersionRange } from '../../wire/message'
import type { Settings } from '../settings'
import type { Handler } from './handler'

/** A range in which no version lies. */
const NONE: VersionRange = { min: 0, max: -1 }

/** Kafka's own, unless the cluster was asked to play an older broker; a range that `max < min` for an api that it is to not know. */
export function spokenVersions({ api, versions }: Handler, settings: Settings): VersionRange {
  const asked = settings.versions[api]
  if (asked === null) return NONE
  if (asked === undefined) return versions
  return { min: Math.max(versions.min, asked.min), max: Math.min(versions.max, asked.max) }
}
