/** Why a mail came back, or what came instead: our own words, each with one consequence. */
export type Reason =
  /** Nobody has this address. */
  | 'mailbox_unknown'
  | 'mailbox_full'
  /** The mailbox exists and is shut: suspended, locked, inactive. */
  | 'mailbox_disabled'
  | 'domain_unknown'
  /** The domain exists and says that it takes no mail (RFC 7505, RFC 7504). */
  | 'takes_no_mail'
  | 'moved'
  /** Our host or its address is on a list. */
  | 'blocked'
  | 'reputation'
  /** Our host's address has no name, or one that does not lead back. */
  | 'reverse_dns'
  /** SPF, DKIM, DMARC. */
  | 'authentication'
  | 'policy'
  | 'security'
  | 'spam'
  | 'virus'
  | 'content'
  /** The message breaks a standard. */
  | 'not_compliant'
  | 'syntax'
  | 'rate_limited'
  | 'too_large'
  | 'greylisted'
  | 'system_trouble'
  | 'system_full'
  | 'mailer_trouble'
  | 'network'
  | 'tls'
  | 'expired'
  | 'relay_denied'
  /** They do not take mail from the address it came from. */
  | 'sender_refused'
  /** Taken at first and turned away later, or against the reader's own settings. */
  | 'filtered'
  | 'vacation'
  | 'complaint'
  | 'delivered'
  | 'undetermined';

/** What became of the mail to one recipient (RFC 3464 §2.3.3); relayed and expanded count as delivered. */
export type Action = 'failed' | 'delayed' | 'delivered' | 'other';

export type Recipient = {
  address: string | null;
  action: Action;
  /** The most telling enhanced status code (RFC 3463), such as 5.1.1. */
  status: string | null;
  /** The SMTP reply code (RFC 5321 §4.2), such as 550. */
  reply_code: number | null;
  reason: Reason;
  /** Whether this mailbox or its domain will never take mail, so that one such report is enough to stop. */
  hard: boolean;
  /** What the other server said, one line. */
  diagnostic: string | null;
};

/** A mail that came back to a return path, read. Nothing in it is proof of anything: it may be forged. */
export type Returned = {
  /**
   * A report on a delivery (RFC 3464, or a server's own prose), a complaint (RFC 5965), an automatic answer
   * (RFC 3834), or none of these.
   */
  kind: 'report' | 'complaint' | 'automatic' | 'other';
  /** One for each recipient spoken of; for a complaint the reader who complains, where named. */
  recipients: Recipient[];
  /** The envelope-like addresses this mail itself was sent to. */
  sent_to: string[];
  /** Original-Envelope-Id (RFC 3464 §2.2.1), decoded from xtext. */
  envid: string | null;
  /** Of the mail that came back: its Message-ID without brackets, its return path or else its From, its recipients. */
  original_message_id: string | null;
  /** Its List-Unsubscribe (RFC 2369 §3.2). */
  original_leave: string | null;
  original_from: string | null;
  original_to: string[];
  /** Of a feedback report of any type (RFC 5965 §3.1), in lower case. */
  feedback_type: string | null;
};
