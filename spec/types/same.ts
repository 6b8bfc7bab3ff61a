/** Whether two types are the same, not only assignable. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** `is<Expected>()(actual)` compiles when the type of `actual` is exactly the one expected. */
export const is =
  <Expected>() =>
  <Actual>(_actual: Actual, ..._proof: Same<Expected, Actual> extends true ? [] : [never]): boolean =>
    true
