'use client';
import { useEffect, useState } from 'react';

const units: ReadonlyArray<readonly [Intl.RelativeTimeFormatUnit, number]> = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** «3 minutes ago», with the full time as its title. `at` is an ISO time or null. */
export function Time({ at, none = 'Never' }: { at: string | Date | null; none?: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 15_000);
    return () => clearInterval(timer);
  }, []);
  if (at === null) return <span className="text-faint">{none}</span>;
  const date = new Date(at);
  return (
    <time
      dateTime={date.toISOString()}
      title={date.toLocaleString('en-GB')}
      suppressHydrationWarning
      className="whitespace-nowrap"
    >
      {relative(date.getTime(), Math.max(now, date.getTime()))}
    </time>
  );
}

function relative(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1000);
  if (seconds < 45) return 'just now';
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? ['minute', 60];
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-Math.max(1, Math.floor(seconds / size)), unit);
}
