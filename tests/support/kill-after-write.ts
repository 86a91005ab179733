import { Crash } from '#/services/sync/tuning.ts';
import type { CrashPoint } from '#/services/sync/tuning.ts';

export interface KillAfterWrite {
  /** For `sync.crashPoint` of the node. */
  readonly crashPoint: (point: CrashPoint) => void;
  /** The worker dies right after the next write to Jira, which nobody notes then. */
  arm(): void;
  /** It has died since it was armed. */
  readonly died: boolean;
}

export function killAfterWrite(): KillAfterWrite {
  let armed = false;
  return {
    crashPoint(point) {
      if (!armed || point !== 'written') return;
      armed = false;
      throw new Crash('killed');
    },
    arm() {
      armed = true;
    },
    get died() {
      return !armed;
    },
  };
}
