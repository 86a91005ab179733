/** How much the seed makes; everything is in proportion to the twins. */
export interface ScaleSizes {
  twins: number;
  /** Rows of the timeline, spread over all twins. */
  timeline: number;
  /** Further rows of one twin, which has the longest timeline. */
  longTimeline: number;
  resolvedErrors: number;
  audit: number;
  /** Rows of the largest bulk run. */
  bulkItems: number;
  replayedTokens: number;
}

export function scaleOf(twins: number): ScaleSizes {
  return {
    twins,
    timeline: twins * 10,
    longTimeline: Math.min(5_000, twins / 10),
    resolvedErrors: Math.round(twins / 50),
    audit: twins,
    bulkItems: Math.round(twins / 5),
    replayedTokens: Math.round(twins / 5),
  };
}
