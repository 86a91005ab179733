import type { NodeInfo } from '#/engine/invitation/invitation.ts';

/** What a connection keeps of its partner's node. */
export function partnerColumns(info: NodeInfo) {
  return {
    partnerUid: info.instanceUid,
    partnerName: info.name,
    partnerUrl: info.callbackUrl,
    partnerJiraUrl: info.issueTrackerUrl,
    partnerInfo: { ...info },
    partnerPollOnly: info.pollOnly,
  };
}
