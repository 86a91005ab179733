/** The machine's clock: milliseconds since the epoch. */
export const systemClock: { now(): number } = { now: () => Date.now() };
