/** The longest time between two turns of the event loop, synchronous work of the program itself included. Resolves once the loop is turning. */
export const watchLoop = async (): Promise<() => number> => {
  let [last, longest] = [0, 0]
  const look = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const turns = setInterval(look, 1)
  await new Promise<void>((resolve) => void setTimeout(resolve, 5))
  ;[last, longest] = [performance.now(), 0]
  return () => {
    look()
    clearInterval(turns)
    return longest
  }
}
