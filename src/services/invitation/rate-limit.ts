import { PartnerRefusal } from '../connection/partner-refusal.ts';

const WINDOW_MS = 60_000;
const PER_ADDRESS = 30;
/** All addresses together, since an address may be made up by whoever is not behind a proxy of ours. */
const PER_PROCESS = 600;
const MOST_ADDRESSES = 10_000;

interface Window {
  endsAt: number;
  left: number;
}

/**
 * A brake for what anybody may ask, per process and minute. Secrets cannot be guessed (256 bits); this keeps the
 * database from being kept busy.
 */
export function createRateLimit(): (address: string, nowMs: number) => void {
  const windows = new Map<string, Window>();
  let total: Window = { endsAt: 0, left: 0 };
  return (address, nowMs) => {
    if (total.endsAt <= nowMs) {
      total = { endsAt: nowMs + WINDOW_MS, left: PER_PROCESS };
      for (const [key, window] of windows) if (window.endsAt <= nowMs) windows.delete(key);
    }
    let own = windows.get(address);
    if (own === undefined || own.endsAt <= nowMs) {
      own = { endsAt: nowMs + WINDOW_MS, left: PER_ADDRESS };
      if (windows.size < MOST_ADDRESSES) windows.set(address, own);
    }
    for (const window of [own, total])
      if (window.left-- <= 0)
        throw new PartnerRefusal(
          429,
          'too_many_requests',
          'Too many requests. Try again later.',
          Math.ceil((window.endsAt - nowMs) / 1000),
        );
  };
}
