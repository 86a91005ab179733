/** Whether the partner has been asked for a twin of this issue, or asked for it itself. */
export function isExalated(twin: { outNumber: number; inNumber: number; exalatedBy: string }): boolean {
  return twin.outNumber > 0 || twin.exalatedBy === 'partner';
}
