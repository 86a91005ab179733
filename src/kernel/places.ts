/** Places at Jira that this process may take at present; it shares them with the other processes of its node. */
export interface Places {
  readonly granted: number;
  /** Tells what is being used and what more is wanted; called at each change. */
  use(now: { inFlight: number; waiting: number }): void;
  /** `listener` is called whenever there may be more places than before. */
  onChange(listener: () => void): void;
}
