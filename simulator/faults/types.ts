/** When a fault applies. Every given part has to match. */
export interface FaultMatch {
  /** HTTP method, or several. */
  method?: string | string[];
  /** Regular expression on the path after the context path, without the query. */
  path?: string;
  /** User name; `anonymous` for nobody. */
  user?: string;
  /** How many requests it hits before it is used up; no limit when absent. */
  count?: number;
  /** Let that many matching requests pass first. */
  skip?: number;
  /** 0..1, drawn from the seedable random source; 1 when absent. */
  probability?: number;
}

export type FaultEffect =
  /** Waits before handling. */
  | { kind: 'latency'; ms: number; jitterMs?: number }
  /** 429 with Tomcat's HTML page; not performed. */
  | { kind: 'tooManyRequests'; retryAfterSeconds?: number }
  /** 503 HTML; not performed. */
  | { kind: 'unavailable'; retryAfterSeconds?: number }
  /** 200 with an HTML login page, as a proxy or SSO gives; not performed. */
  | { kind: 'loginPage' }
  /** 302 to another host, as SSO gives; not performed. */
  | { kind: 'redirect'; location: string }
  /** 403 with the page of a firewall in front of Jira, without any header of Jira; not performed. */
  | { kind: 'firewall' }
  /** 200, no body, X-Seraph-LoginReason: AUTHENTICATED_FAILED (JRA-41559); not performed. */
  | { kind: 'emptyAuthFailure' }
  /** Any answer at all; not performed. */
  | { kind: 'respond'; status: number; contentType?: string; body?: string; headers?: Record<string, string> }
  /** Does the request fully, then destroys the socket before any byte of the answer. */
  | { kind: 'performThenCut' }
  /** Destroys the socket without doing it. */
  | { kind: 'cutBefore' }
  /** Does the request, answers with a proxy's 502 page. */
  | { kind: 'performThen502' }
  /** Does the request, then never answers. */
  | { kind: 'performThenHang' }
  /** Announces the whole length, sends that share of the body (default half), then destroys the socket. */
  | { kind: 'truncate'; share?: number }
  /** Never answers, does nothing. */
  | { kind: 'hang' }
  /** Error texts in German, whatever the account's locale. */
  | { kind: 'localised' };

export type Fault = { name?: string; match?: FaultMatch } & FaultEffect;

/** What happens to outgoing webhook deliveries; each probability is 0..1. */
export interface WebhookFaults {
  lost?: number;
  doubled?: number;
  /** Held back and sent after the next one. */
  reordered?: number;
  delayMs?: number;
}

export interface ActiveFault {
  id: string;
  fault: Fault;
  hits: number;
}
