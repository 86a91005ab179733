/** States of one end of a connection, and what may follow what. */
export const connectionStatuses = ['pending', 'active', 'deactivated', 'error', 'deleting'] as const;
export type ConnectionStatus = (typeof connectionStatuses)[number];

const transitions: Readonly<Record<ConnectionStatus, readonly ConnectionStatus[]>> = {
  pending: ['active', 'deleting'],
  active: ['deactivated', 'error', 'deleting'],
  deactivated: ['active', 'error', 'deleting'],
  error: ['active', 'deactivated', 'deleting'],
  deleting: [],
};

export function mayBecome(from: ConnectionStatus, to: ConnectionStatus): boolean {
  return transitions[from].includes(to);
}

/** The states from which `to` can be reached, for the condition of an update. */
export function statesBefore(to: ConnectionStatus): ConnectionStatus[] {
  return connectionStatuses.filter((from) => mayBecome(from, to));
}
