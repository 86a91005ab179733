export interface Bar {
  label: string;
  value: number;
}

const height = 120;
const step = 24;

/** Bars over time. The same figures follow as a table for those who cannot see them. */
export function BarChart({ label, bars }: { label: string; bars: readonly Bar[] }) {
  const highest = Math.max(0, ...bars.map((bar) => bar.value));
  const scale = highest === 0 ? 0 : height / highest;
  const first = bars[0];
  const last = bars.at(-1);
  return (
    <figure className="space-y-1">
      <div className="flex items-stretch gap-2">
        <div aria-hidden className="flex w-8 flex-col justify-between text-right text-2xs text-faint tabular-nums">
          <span>{highest.toLocaleString('en')}</span>
          <span>0</span>
        </div>
        <svg
          viewBox={`0 0 ${bars.length * step} ${height}`}
          preserveAspectRatio="none"
          aria-hidden
          className="h-36 min-w-0 flex-1 border-y border-line"
        >
          {bars.map((bar, index) => (
            <rect
              key={bar.label}
              x={index * step + 4}
              width={step - 8}
              y={height - bar.value * scale}
              height={bar.value * scale}
              className="fill-brand"
            >
              <title>{`${bar.label}: ${bar.value}`}</title>
            </rect>
          ))}
        </svg>
      </div>
      <div aria-hidden className="flex justify-between pl-10 text-2xs text-faint">
        <span>{first?.label}</span>
        <span>{last?.label}</span>
      </div>
      {highest === 0 && <p className="text-sm text-subtle">Nothing was synchronized in this time.</p>}
      {/* In a box of its own: a table takes its full height whatever it is told, and would make the page longer. */}
      <div className="sr-only">
        <table>
          <caption>{label}</caption>
          <tbody>
            {bars.map((bar) => (
              <tr key={bar.label}>
                <th scope="row">{bar.label}</th>
                <td>{bar.value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
