/** A Jira version such as 8.14.1, and what changed when. */
export class JiraVersion {
  readonly text: string;
  readonly numbers: number[];

  constructor(text: string) {
    const match = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(text);
    if (match === null) throw new Error(`Not a Jira version: ${text}`);
    this.text = text;
    this.numbers = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  }

  atLeast(...wanted: number[]): boolean {
    for (const [index, want] of wanted.entries()) {
      const have = this.numbers[index] ?? 0;
      if (have !== want) return have > want;
    }
    return true;
  }

  get buildNumber(): number {
    const [major = 0, minor = 0, patch = 0] = this.numbers;
    if (major >= 10) return major * 1_000_000 + minor * 10_000 + patch + 1;
    // the numbers written one after the other: 7.6.1 is 76001, 8.5.4 is 805004, 9.4.0 is 940000, 9.12.2 is 9120002
    const digits = major === 9 ? 4 : 3;
    const middle = major === 8 ? String(minor).padStart(2, '0') : String(minor);
    return Number(`${major}${middle}${String(patch).padStart(digits, '0')}`);
  }

  get hasAccessTokens(): boolean {
    return this.atLeast(8, 14);
  }

  /** From 8.4 an account has a key of its own, before that its login name. */
  get hasUserKeys(): boolean {
    return this.atLeast(8, 4);
  }

  get hasOldCreateMeta(): boolean {
    return !this.atLeast(9);
  }

  get hasPagedCreateMeta(): boolean {
    return this.atLeast(8, 4);
  }

  /** On 8.14.x a token was not accepted outside /rest (mcp-atlassian #1634). */
  get tokensWorkOnDownloads(): boolean {
    return !(this.atLeast(8, 14) && !this.atLeast(8, 15));
  }

  get hasNewWebhooks(): boolean {
    return this.atLeast(10);
  }

  get basicIsOff(): boolean {
    return this.atLeast(11);
  }

  /** 10.x writes parts that were not asked for as explicit nulls. */
  get writesNulls(): boolean {
    return this.atLeast(10);
  }
}
