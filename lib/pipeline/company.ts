export interface Company {
  /** One more came. */
  readonly came: () => void
  /** What came so far is seen to. */
  readonly seen: () => void
  /** Whether the next will not come alone, as it was the last time. */
  isExpected(): boolean
}

/** Tells who comes alone from who comes with others, by what came between one look and the next. */
export function company(): Company {
  let count = 0
  let isExpected = false
  return {
    came: () => void count++,
    seen: () => {
      if (count > 0) isExpected = count > 1
      count = 0
    },
    isExpected: () => isExpected,
  }
}
