/** How long something takes, as people say it: "20 seconds", "4 minutes", "2 hours". */
export function durationText(seconds: number): string {
  if (seconds < 60) return counted(Math.max(1, Math.round(seconds)), 'second');
  if (seconds < 3600) return counted(Math.round(seconds / 60), 'minute');
  return counted(Math.round(seconds / 3600), 'hour');
}

/** "1 issue", "1,200 issues". */
export function counted(count: number, thing: string): string {
  return `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;
}
