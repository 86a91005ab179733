import { type ConnectionMode, connectionModes } from '../invitation/invitation.ts';

/** Modes that this build carries out. */
export const ownModes: readonly ConnectionMode[] = ['BASIC'];

export interface ModeChoice {
  mode: ConnectionMode;
  available: boolean;
  /** Why it cannot be chosen; null when it can. */
  reason: string | null;
}

/** The modes both nodes support; `partner` is null while the destination is not known. */
export function modeChoices(partner: { name: string; modes: readonly string[] } | null): ModeChoice[] {
  return connectionModes.map((mode) => {
    const reason = unavailable(mode, partner);
    return { mode, available: reason === null, reason };
  });
}

function unavailable(mode: ConnectionMode, partner: { name: string; modes: readonly string[] } | null): string | null {
  if (!ownModes.includes(mode))
    return 'This node does not support this mode: it comes with Exalate itself, not with this open edition.';
  if (partner !== null && !partner.modes.includes(mode)) return `${partner.name} does not support this mode.`;
  return null;
}
