import { bucketSeconds, durations, type DurationSeries } from '#/services/metrics/durations.ts';

/** Histograms in Prometheus's text format. Labels are from a fixed list, so nothing in them needs escaping. */
export function durationText(series: readonly DurationSeries[]): string {
  return Object.entries(durations)
    .map(([name, { help }]) => {
      const metric = `exalate_${name}_duration_seconds`;
      const lines = series.filter((one) => one.name === name).flatMap((one) => histogram(metric, one));
      return [`# HELP ${metric} ${help}`, `# TYPE ${metric} histogram`, ...lines, ''].join('\n');
    })
    .join('\n');
}

function histogram(metric: string, { labels, counts, seconds }: DurationSeries): string[] {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  const of = (more: string[]): string => (pairs.length + more.length > 0 ? `{${[...pairs, ...more].join(',')}}` : '');
  const bounds = [...bucketSeconds.map(String), '+Inf'];
  let total = 0;
  const buckets = bounds.map((bound, index) => {
    total += counts[index] ?? 0;
    return `${metric}_bucket${of([`le="${bound}"`])} ${total}`;
  });
  return [...buckets, `${metric}_sum${of([])} ${seconds}`, `${metric}_count${of([])} ${total}`];
}
