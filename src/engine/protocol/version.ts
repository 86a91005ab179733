/** Versions of the protocol that this build speaks; both nodes use the highest one that they share. */
export interface ProtocolRange {
  readonly min: number;
  readonly max: number;
}

export const ownProtocol: ProtocolRange = { min: 1, max: 1 };

/** First version of a node that speaks `ownProtocol.min`: what the administrator of an older one has to update it to. */
export const oldestPartnerVersion = '0.1.0';

export type ProtocolFit = 'same' | 'partner_older' | 'partner_newer';

/** Whether a partner with this range can be talked to, and if not, which of the two nodes must be updated. */
export function protocolFit(partner: ProtocolRange, own: ProtocolRange = ownProtocol): ProtocolFit {
  if (partner.max < own.min) return 'partner_older';
  if (partner.min > own.max) return 'partner_newer';
  return 'same';
}
