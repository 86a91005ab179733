/** Words of the console for what the services name in code. */
import type { ConnectionRow } from '#/services/connection/list-connections.ts';

export const statusLabels: Record<ConnectionRow['status'], string> = {
  pending: 'Pending',
  active: 'Active',
  deactivated: 'Deactivated',
  error: 'Error',
  deleting: 'Deleting',
};

export const typeLabels: Record<ConnectionRow['type'], string> = {
  public: 'Public',
  private: 'Private',
  local: 'Local',
};

const modeLabels: Record<string, string> = { BASIC: 'Basic', VISUAL: 'Visual', SCRIPT: 'Script' };

export function modeLabel(mode: string): string {
  return modeLabels[mode] ?? mode;
}
