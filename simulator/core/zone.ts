const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();
const SLOT_MS = 15 * 60_000; // no zone changes its offset off a quarter of an hour

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    }); // prettier-ignore
    formats.set(zone, format);
  }
  return format;
}

/** Offset of the zone from UTC at that instant, in milliseconds. Throws RangeError for an unknown zone. */
export function offsetAt(zone: string, instant: number): number {
  const slot = Math.floor(instant / SLOT_MS);
  const cacheKey = `${zone}|${slot}`;
  let offset = offsets.get(cacheKey);
  if (offset === undefined) {
    const at = slot * SLOT_MS;
    const part: Record<string, number> = {};
    for (const { type, value } of formatOf(zone).formatToParts(at)) part[type] = Number(value);
    const wall = Date.UTC(
      part['year'] ?? 0,
      (part['month'] ?? 1) - 1,
      part['day'] ?? 1,
      part['hour'] ?? 0,
      part['minute'] ?? 0,
    );
    offset = wall - at;
    if (offsets.size > 50_000) offsets.clear();
    offsets.set(cacheKey, offset);
  }
  return offset;
}

/** The instant at which a clock in the zone shows this wall time (given as if it were UTC). Twice-shown times mean the first. */
export function instantOf(zone: string, wall: number): number {
  const early = wall - offsetAt(zone, wall - 86_400_000);
  if (early + offsetAt(zone, early) === wall) return early;
  return wall - offsetAt(zone, wall - offsetAt(zone, wall));
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `11/Aug/26 5:48 PM`: the date format of an English server as it is installed, `dd/MMM/yy h:mm a`. */
export function displayTime(instant: number, zone: string): string {
  const wall = new Date(instant + offsetAt(zone, instant));
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${two(wall.getUTCDate())}/${MONTHS[wall.getUTCMonth()] ?? ''}/${two(wall.getUTCFullYear() % 100)}`;
  const hours = wall.getUTCHours();
  return `${date} ${hours % 12 || 12}:${two(wall.getUTCMinutes())} ${hours < 12 ? 'AM' : 'PM'}`;
}

/** `2026-08-11T17:48:16.809+0000`: milliseconds, an offset without colon. */
export function jiraTimestamp(instant: number, zone: string): string {
  const offset = offsetAt(zone, instant);
  const minutes = Math.abs(offset) / 60_000;
  const sign = offset < 0 ? '-' : '+';
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  return `${new Date(instant + offset).toISOString().slice(0, 23)}${sign}${hours}${String(minutes % 60).padStart(2, '0')}`;
}
