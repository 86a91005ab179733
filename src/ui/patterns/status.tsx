import { Lozenge, type Tone } from '../primitives/lozenge.tsx';

const connectionTones: Record<string, Tone> = {
  Pending: 'info',
  Active: 'success',
  Deactivated: 'neutral',
  Error: 'danger',
};

/** Status of a connection, as its label. */
export function ConnectionStatus({ label }: { label: string }) {
  return <Lozenge tone={connectionTones[label] ?? 'neutral'}>{label}</Lozenge>;
}

const twinTones: Record<string, Tone> = {
  'In Progress': 'info',
  Synchronized: 'success',
  'Waiting for remote': 'info',
  Paused: 'warning',
  Error: 'danger',
  'Remote issue removed': 'warning',
  'Issue removed': 'warning',
};

export function twinTone(label: string): Tone {
  return twinTones[label] ?? 'neutral';
}

/** Status of a twin, as its label. */
export function TwinStatus({ label }: { label: string }) {
  return <Lozenge tone={twinTone(label)}>{label}</Lozenge>;
}
