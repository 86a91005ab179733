/** Why a certificate was not accepted, and what an admin can do about it; shared by the requests to Jira and to partners. */

export const certificateReasons = ['certificate', 'certificate_expired', 'certificate_name'] as const;
export type CertificateReason = (typeof certificateReasons)[number];

/** What to do, for each reason; `why` comes from {@link certificateWhy}. Verification is never switched off. */
export const certificateRemedies: Readonly<Record<CertificateReason, string>> = {
  certificate:
    'Install a certificate there whose authority is known, or let the operator of this node name that authority, or the self-signed certificate, in JIRA_CA_FILE or NODE_EXTRA_CA_CERTS and restart it.',
  certificate_expired: 'Let it be renewed there, and check the clock of this machine.',
  certificate_name: 'Use the host name for which the certificate was issued, or get one that names this host.',
};

/** null for an error code that is not about a certificate. */
export function certificateReason(code: string): CertificateReason | null {
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return 'certificate_expired';
  if (code.includes('ALTNAME')) return 'certificate_name';
  return /CERT|UNABLE_TO_(VERIFY|GET_ISSUER)|^CRL_/.test(code) ? 'certificate' : null;
}

const whys: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed and not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain ends in an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate was issued by an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate was issued by an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate was issued by an authority that is not trusted',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
};

export function certificateWhy(code: string): string {
  return `${whys[code] ?? 'its certificate is not trusted'} (${code})`;
}

export function isCertificateReason(reason: string | null): reason is CertificateReason {
  return certificateReasons.some((known) => known === reason);
}
