import type { PeerChannel } from '../peer-channel.ts';

/** A Jira that answered at an address where no node is. */
export interface FoundJira {
  title: string;
  version: string;
}

/** The part of finding a destination that is not talk between nodes. Implemented by `src/peer` beside PeerChannel. */
export interface JiraDiscovery {
  /** Unsigned and anonymous: the Jira at this base URL. Throws PeerError, `not_a_node` when it is no Jira. */
  jiraServer(url: string, signal?: AbortSignal): Promise<FoundJira>;
}

/** The channel's discovery, or null when this channel cannot do it. */
export function discoveryOf(peer: PeerChannel): JiraDiscovery | null {
  return 'jiraServer' in peer ? (peer as PeerChannel & JiraDiscovery) : null;
}
