import type { Reason } from './returned.ts';

/** A meaning, and the ways to say it; matched against words made plain by `plainWords`. */
export type Phrases = [Reason, RegExp[]][];

/** One sentence that has a subject and says something of it, with at most a few words between. */
const about = (subject: string, said: string): RegExp =>
  new RegExp(`\\b(?:${subject})s?\\b(?:'s)?[^.]{0,50}?(?:^|[^a-z])(?:${said})`);

const MAILBOX =
  'mail ?box|mail ?folder|mail ?drop|inbox|maildir|account|user|recipient|customer|addressee|address|alias|local[- ]?part|user ?id|user ?name|login|mail file|member|subscriber|person|mailbox name|rcpt|e-?mail id';
const HOST = 'host|host ?name|domain|domain name|mail ?server|destination domain|recipient domain|mx|site';
const US =
  'ip|ip address|host|server|network|client|relay|isp|subnet|domain|mta|mail ?server|connecting|connection|helo|ehlo';
const SENDER =
  'sender|mail from|return[- ]path|reverse[- ]path|envelope[- ]from|originator|from address|sender address|sender domain|sender mailbox';

const GONE =
  "unknown|not found|not (?:be )?found|(?:could|can|was) ?n[o']t (?:be )?(?:found|verified|located)|(?:could|can|was) not (?:be )?(?:found|verified|located)|cannot be (?:found|verified)|does ?n[o']?t exist|does not exist|do not exist|did not exist|no longer exists?|not exist|non-?exist\\w*|invalid|not (?:a )?(?:valid|known|recogni[sz]ed|registered|listed|local|here|present)|(?:is|are|was) ?n[o']t (?:a )?(?:valid|known|recogni[sz]ed|registered|listed|local|here|present)|not in (?:our|the|this)|unrecogni[sz]ed|has been (?:deleted|removed|erased)|(?:was|is|been) (?:deleted|removed)|no longer (?:valid|available|here|in use|active|with|works|employed|on)|undeliverable|unrout\\w+|unresolvable|bad\\b";
const SHUT =
  'disabled|suspend(?:ed| the service)|locked|frozen|deactivated|inactive|inactivated|closed|terminated|expired|discontinued|dormant|stopped|cancel(?:l)?ed|archived|not (?:been )?activ\\w+|not enabled|no longer accepts? (?:mail|e-?mail|messages)|temporarily limited|(?:may be )?unpaid|barred|retired|temporarily (?:unavailable|closed|disabled)|blocked by (?:the )?admin|restricted';
const REFUSED =
  "reject\\w*|refus\\w+|denied|blocked|banned|not (?:accepted|allowed|permitted|welcome|authori[sz]ed)|black-?list\\w*|block-?list\\w*|(?:is|are) ?n[o']t (?:accepted|allowed|permitted|authori[sz]ed)";

/**
 * What servers say in English, in the order of looking: what is wrong with us or with the message stands before what
 * is wrong with the address, because only the latter ends a reader's mail.
 */
export const PHRASES: Phrases = [
  ['domain_unknown', [/missing the proper dns/]],
  ['expired', [/\b(?:message|delivery|envelope|queue lifetime|mail)(?: has| is)? expired/]],
  ['security', [/\bunauthenticated senders?\b/]],
  ['mailer_trouble', [/\bpipe to \||\btext was generated during the delivery/]],
  [
    'rate_limited',
    [
      /\bthrottling failure|\b(?:hourly|daily|monthly|sending|package) (?:\w+ ){0,2}quota\b|\bsending (?:limit|rate)\b/,
    ],
  ],
  [
    'mailbox_full',
    [
      about(
        MAILBOX,
        '(?:is|are|has become|seems|currently|storage|disk|too)? ?(?:full\\b|over ?quota|over (?:the |its |their |his )?(?:allowed |storage |disk |mail ?box )*(?:quota|limit|allocation|allotment|size)|out of (?:storage|disk|space|quota)|exceed\\w* [^.]{0,40}(?:quota|storage|space|mail ?box size)|exceed\\w* (?:the |its )?(?:allowed size|size limit|(?:local |maximum )?limit)|size (?:limit )?exceed|(?:has )?too many messages|no (?:space|room))',
      ),
      /\b(?:over|exceed\w*|out of|beyond|violat\w* of|at) (?:\w+ ){0,4}quota\b|\b(?:dis[kc]|mail|user|storage|mailbox|inbox)? ?quota[^.]{0,30}(?:exceed|full|violat|reached|over|limit)|quota ?_?exceeded|\boverquota\b/,
      /\b(?:full mail ?box|mailboxfull|storage (?:limit|space) (?:exceeded|is)|exceed\w* (?:\w+ ){0,3}(?:storage|mail ?box|allocated|disk)|insufficient (?:disk|mailbox) (?:space|storage)|not enough (?:storage|disk|mailbox|free)? ?space|would (?:be over|exceed) (?:\w+ ){0,3}(?:quota|storage)|too much (?:mail|e-?mail) (?:data|stored)|shutoffquota)/,
    ],
  ],
  [
    'virus',
    [/\b(?:virus(?:es)?|malware|trojan|worm|infected|ransomware)\b/, /rejected due to security polic/],
  ],
  [
    'authentication',
    [
      /\b(?:spf|dkim|dmarc|sender[- ]?id|domain ?keys?|sender policy framework|arc)\b/,
      /\bunauthenticated (?:e-?mail|message|mail)\b|\b(?:mail|message|sender|domain)[^.]{0,40}(?:not|isn't|n't|un) ?(?:been |properly )?authenticated\b/,
      /\bauthentication (?:check|information|requirement|level|result|fail\w* for|of the sender)|required authentication|pass(?:es)? (?:email )?authentication/,
    ],
  ],
  [
    'reverse_dns',
    [
      /\b(?:ptr|rdns|fcrdns|forward[- ]confirmed)\b|\breverse[- ]?(?:dns|lookup|ip|map\w*|address|hostname|name|record|resolution|entry)|\bunverifyable|\bunresolvable relay/,
      /\b(?:cannot|could not|can't|couldn't|unable to|failed to|does not|doesn't|not) (?:find|resolve|look ?up|get|map|have) (?:\w+ ){0,3}(?:host ?name|reverse|ptr|ip address|client name)\b/,
      /\bcannot find your|\b(?:your|client|connecting|sending) (?:\w+ ){0,2}(?:ip|host|address|server)[^.]{0,40}(?:does not|doesn't|cannot|not|no)[^.]{0,20}(?:resolve|dns|hostname|name)/,
      /\bip name (?:lookup|possibly forged)|\bgeneric (?:ptr|rdns|hostname|reverse)|\bdns (?:name|entry|record) (?:of|for) (?:your|the connecting|client)|mismatches client ip/,
    ],
  ],
  [
    'reputation',
    [
      /\b(?:reputations?|sender ?base|sender ?score|user complaints|complaint rate|unexpected volume|(?:low|poor|bad) (?:sender )?(?:score|trust)|trust score)\b/,
    ],
  ],
  [
    'rate_limited',
    [
      /\btoo (?:many|much) (?:\w+ ){0,3}(?:connections?|conns?|sessions?|messages?|mails?|e-?mails?|recipients?|requests?|hits|transactions?|hops? per|rcpt|traffic|errors from your|invalid recipients)\b/,
      /\brate[- ]?(?:limit|control)|\bthrottl|\btoo (?:fast|frequent|quickly|often)|\bfrequency limit|\bmax(?:imum)? (?:\w+ ){0,3}(?:connections?|messages per|sessions)|\bconnection (?:rate|limit|frequency|count)|\bslow down|\bexcessive (?:\w+ )?(?:rate|volume|connections?|messages?|number)/,
      /\b(?:exceed\w*|reached|over|hit) (?:\w+ ){0,5}(?:rate|sending (?:limit|quota)|hourly|daily|per (?:hour|minute|day)|number of (?:messages|connections|recipients)|concurren\w+|connections?|emails)\b|\b(?:hourly|daily) (?:\w+ )?limit|\bmessages? per (?:hour|minute|day|connection)|\breceiving mail (?:at|too)|\bunusual (?:rate|amount)/,
      /\bdomain [^.]{0,40}has exceeded the max|\bvolume of (?:e-?mail|mail|messages)|\bsimultaneous\b/,
    ],
  ],
  [
    'greylisted',
    [
      /\bgr[ea]y-? ?list/,
      /\bplease (?:retry|try) (?:again )?(?:in|after) \d+ (?:sec|min)|\bfirst (?:time )?(?:contact|seen|attempt)\b[^.]{0,40}(?:retry|try again)/,
    ],
  ],
  [
    'sender_refused',
    [
      new RegExp(
        `\\b(?:${SENDER})s?\\b(?:'s)?(?:(?!\\b(?:ip|host|server|network|recipient|user)\\b)[^.]){0,40}?(?:^|[^a-z])(?:(?:is |was |has been |address |are )?(?:${REFUSED}|${GONE}|unverif\\w+|verif\\w+ fail|not verified|malformed|must|has no|mismatch))`,
      ),
      /\bfrom: (?:\w+ )?(?:domain|address)[^.]{0,20}invalid|\breal domain name required for sender|\b(?:empty|null|blank) (?:envelope )?(?:sender|return)|\b(?:non-?member|members?[- ]only|not (?:a )?member|not on members list)\b|\bdomain of (?:the )?sender|\bsender'?s? (?:e-?mail )?(?:domain|address)[^.]{0,40}(?:not|invalid|n't|unknown|reject|refus|deni|block)/,
      /\b(?:invalid|unknown|bad|unresolvable|unverified|forged|spoofed|blocked|rejected|blacklisted|refused|unrecogni[sz]ed|non-?existent|fake|illegal|no such|prohibited) (?:\w+ )?(?:sender|from|mail from|return[- ]path|originator|from address|from domain)\b/,
      /\b(?:verif\w+|verification|callout|callback)[^.]{0,20}sender|\bvalid sender\b|\bpurported responsible|\bsend as this sender|\bexpired email address: from|\baddress that has been blacklisted|\bspoof/,
      /\bnot (?:accept|allow|want)\w* (?:\w+ )?(?:mail|e-?mail|messages?) from (?:you\b|this (?:sender|address)|your address)|\byou (?:are|were)(?: not|n't) (?:allowed|permitted|authori[sz]ed|recogni[sz]ed)/,
      /\bpermission to post|\bmay not post|\bonly (?:members|subscribers)|\bnot authori[sz]ed to (?:post|submit|send (?:as|on|to this|messages? to))|\brestricted (?:to|sender|list)|\bsubscribers? only\b|\bgroup you tried to contact|\bare ?n[o']t a member|\bsender not in|\bnot a member of/,
    ],
  ],
  [
    'not_compliant',
    [
      /\brfc[- ]?(?:822|2821|2822|5321|5322|2047|2045|1123)\b|\b(?:not|non)[- ]?(?:rfc|compliant|compliance)|\brfc[- ](?:compl|violat)/,
      /\bmultiple[^.]{0,30}(?:from|addresses|header)[^.]{0,30}header|\bmissing (?:\w+ ){0,3}(?:header|message-?id|date|from|to)\b|\b(?:from|date|message-?id|to|subject|received|sender)\W{0,2}(?: header| field| line)s? (?:\w+ ){0,2}(?:missing|invalid|malformed|absent|duplicate)|\bduplicate (?:\w+ )?header/,
      /\bbare (?:lf|cr|linefeed|newline|carriage)|\b(?:invalid|malformed|illegal|broken|improper|corrupt\w*) (?:\w+ ){0,2}(?:header|message-?id)|\bheaders? (?:is |are )?(?:invalid|malformed)/,
    ],
  ],
  [
    'too_large',
    [
      about(
        'message|mail|e-?mail|body|attachment|file|size|data|length',
        '(?:is |was |are )?(?:too (?:big|large)\\b|larger than|bigger than|exceed\\w* (?:\\w+ ){0,6}(?:size|limit|length|maximum|max\\b|allow\\w*|mb\\b|kb\\b|bytes))',
      ),
      /\b(?:message|mail|size|length) (?:size |length )?(?:limit )?exceed|\bmax(?:imum|imal)? (?:\w+ ){0,2}(?:size|length)|\bsize (?:limit|restriction)|\bmessage (?:is )?too (?:long|big|large)|\bover(?:size|sized)\b|\btoo big for/,
    ],
  ],
  [
    'spam',
    [
      /\bblocked by (?:\w+ ){0,3}spam|\bcontent (?:was )?rejected|\b(?:suspected|considered|classified|identified|detected|flagged|scored|marked|possible|contains?|looks like|be|is) (?:\w+ ){0,2}spam\b|\bspam (?:message|content|detected)|\bspam ?assassin/,
    ],
  ],
  [
    'relay_denied',
    [
      /\brelay\w*[^.]{0,40}(?:denied|prohibit|not (?:permitted|allowed|authori|support|accept)|disallow|refus|reject|restrict|access|block|forbid)|\b(?:denied|unable to|cannot|can't|not (?:allowed|permitted|authori[sz]ed|configured) (?:to|for)|no|won't|refuse to|does ?n[o']t|does not|do not|don't|isn't|not) (?:be )?relay/,
      /\brcpthosts\b|\binsecure mail relay|\buser not local; relay|\b(?:not|no) (?:a )?(?:gateway|local (?:domain|host))\b|\bnot a valid rcpt domain|\baddress is not verified|\b(?:domain|address)[^.]{0,20}not (?:hosted|handled|served) (?:here|by|on)|\bopen relay|\bdomain is ?n[o']t (?:in my|allowed|hosted)|\bnon-?(?:local|accepted) domain/,
    ],
  ],
  [
    'blocked',
    [
      /\b(?:black|block|deny|drop)-? ?list|\b(?:dnsbl|dns-?bl|rbl|sbl|xbl|pbl|cbl|uribl|rhsbl|surbl|psbl|dul|dnswl)s?\b|\(bl\)|\b(?:spamhaus|spamcop|sorbs|barracuda|uceprotect|abuseat|invaluement|cloudmark|trustedsource|mailspike|senderbase)\b/,
      about(US, `(?:is |was |has been |are |were |currently |temporarily |been )?(?:${REFUSED})`),
      /\b(?:banned|blocked|rejected|listed|bad|invalid|denied|unauthori[sz]ed|dynamic|residential|dial-?up) (?:sending |source |client |connecting |your )?(?:ip|host|helo|ehlo|network|server|isp)\b|\bblocked (?:using|by|for|due|from|at)\b|\binvalid ip\b/,
      /\b(?:mail|messages?|e-?mails?|connections?|traffic) from (?:your |this |the )?(?:ip|host|server|network|subnet|isp|country|region|provider)\b|\bmessages from [^.]{0,60}weren't sent|\bpart of (?:their|your|the) network/,
      /\bip you're using|\b(?:use|via|through) (?:\w+ ){0,3}(?:smtp|mail|relay|server|host)?(?: \w+){0,3} ?(?:isp|provider)\b|\b(?:dynamic|residential|dial-?up|dynamically)[^.]{0,30}(?:ip|host|address|pool|space|range|assigned)/,
      /\bspamming|\btoo many (?:unwanted|spam|complaints)|\bdelist|\bremoval from (?:this|the|our)|\brefused to talk to me|\bnot accepting connections|\bgo away\b|\bno access from|\bblocked due to|\baccess from (?:your |this )?(?:ip|host)|\bhelo (?:command )?(?:reject|denied|invalid)|\bclient host|\b(?:in|of|your|with|to|after) (?:helo|ehlo)\b/,
    ],
  ],
  [
    'tls',
    [
      /\b(?:must issue|requires?|required|need) (?:a )?(?:starttls|tls|encrypt)|\b(?:starttls|tls)[^.]{0,30}(?:required|failed|handshake|negotiation|not available|unavailable|fail|error)|\bencryption (?:is )?(?:required|needed)|\bcertificate[^.]{0,30}(?:verif|expired|invalid|trust|mismatch)|\bmta-?sts\b|\bdane\b/,
    ],
  ],
  ['policy', [/\bblocked because its content presents|\bpotential security|\bprotocol violation/]],
  [
    'spam',
    [
      /\bspam\w*\b|\b(?:ube|uce|junk|bulk mail|bulk e-?mail|unsolicited|phish\w*|scam|gtube|bayes\w*|razor|advertis\w+)\b/,
      /\bcontent (?:is |was |has been )?(?:reject|block|filter|not accept|refus|unaccept|den)|\b(?:rejected|blocked|refused|denied|filtered) (?:\w+ ){0,3}(?:content|anti-?spam|bayes)|\bcontent (?:filter|analysis)|\bmessage (?:looks|appears|seems)|\bsuspicious|\b(?:banned|prohibited|forbidden|objectionable) (?:word|content|url|link|text|subject)|\bunwanted (?:content|mail|message|e-?mail)|\bhigh (?:score|probability)|\babus(?:e|ive)\b/,
    ],
  ],
  [
    'content',
    [
      about(
        'attachment|file ?name|file type|file extension|executable|mime|content-type|charset|character set|encoding|zip|html|header|encryption',
        `(?:${REFUSED}|not supported|forbidden|prohibited|invalid|malformed|disallow\\w*|unsupported|too (?:large|long|many)|missing)`,
      ),
      /\b(?:invalid|malformed|banned|illegal|unsupported|improper|forbidden|dangerous) (?:\w+ )?(?:mime|attachment|charset|content|file|multipart|encoding|format)|\bbad content|\bmime complexity|\bunnecessary base64|\billegal attachment|\bmedia error|\bheader error|\bconversion|\btoo many (?:attachments|mime|parts)|\bmessage (?:format|structure) error|\bheaders? too\b|\b8-?bit\b/,
    ],
  ],
  [
    'policy',
    [
      /\bpolic(?:y|ies)\b|\borgani[sz]ational settings|\blow priority|\bmass mailer|\badministrative(?:ly)? (?:\w+ )?(?:prohibit|reject|deni|lock)|\bprohibited\b|\bnot allowed by|\bmessage not allowed|\bterms of service|\bacceptable use|\blegal\b/,
    ],
  ],
  [
    'mailbox_disabled',
    [
      about(
        `${MAILBOX}|subscription|e-?mail|domain`,
        `(?:is |has been |was |been |currently |permanently |temporarily )*(?:${SHUT})\\b`,
      ),
      /\b(?:disabled|suspended|inactive|deactivated|frozen|locked|dormant|closed|discontinued|terminated|expired|inactivated|unavailable) (?:e-?mail )?(?:user|account|mail ?box|recipient|address|customer|subscriber)|\bout of service|\bnot (?:currently )?(?:accepting|receiving) (?:any )?(?:mail|messages|e-?mail)/,
    ],
  ],
  [
    'moved',
    [
      /\b(?:user|recipient|mail ?box|account|address|person|has|have)\b[^.]{0,40}\bmoved\b|\bmoved (?:to|permanently)|\bnew (?:e-?mail )?address\b|\baddress (?:has )?changed|\bchanged (?:\w+ )?(?:e-?mail )?address|\breplaced by|\bplease (?:try|use)[^.]{0,30}(?:forward|instead|new)|\bforwarding (?:path|address)/,
    ],
  ],
  [
    'takes_no_mail',
    [
      /\bnull ?mx|\bno (?:smtp|mail|e-?mail) (?:service|server|exchanger|host)|\b(?:find|have|has|had|lists?|without)(?: a| any| no)? mail exchanger|\bno (?:\w+ )?mx\b|\bmx (?:record )?not found|\bhost found but no data|\bmail receiving disabled|\bname server[^.]{0,60}no data/,
      about(
        `${HOST}|server|system|machine|we`,
        "(?:does ?n[o']t|does not|do not|don't|never|no longer) (?:receiv|accept|handle|process|support)\\w*(?: any| incoming| inbound| internet)* ?(?:e-?mail|mail|messages|smtp)(?! from| to)",
      ),
      /\bsmtp (?:service )?(?:is )?not (?:supported|offered|available)|\bdoes ?n[o']t receive e-?mail|\bmail (?:is )?not accepted (?:here|at)/,
    ],
  ],
  [
    'network',
    [
      /\bloop(?:s|ing|ed)?\b|\bhop ?count|\btoo many (?:hops|"?received|levels|forwards|redirect)|\bmaximum (?:\w+ )?(?:hops|hop|allowed times|forwards)|\bforwarded more than/,
      /(?<!please )(?<!later )\btry again$|\bname server[^.]{0,80}(?:lookup fail|timed? ?out|fail)|\b(?:host ?name|name|dns|mx|domain|host) lookup fail|\bservfail|\bunexpected name server|\bdns (?:server |lookup |query )?(?:fail\w*|error|timed?|timeout)\b(?![^.]*(?:nxdomain|not found|no relevant))(?! \d)/,
      /\bnetwork (?:is )?(?:error|unreachable|problem|failure)|\bno route to|\bhost (?:is )?unreachable|\brouting (?:error|problem)|\bconnection (?:was )?(?:reset|dropped|closed|lost|abort|interrupt|broken)|\blost connection|\bbroken pipe|\bno answer from host|\bunable to (?:find a |resolve )?route|\bdns records for the destination computer|\bdnssec/,
    ],
  ],
  [
    'domain_unknown',
    [
      new RegExp(
        `\\b(?:${HOST})s?\\b(?:(?!user|recipient|mailbox|address|account|said|reject)[^.]){0,50}?(?:^|[^a-z])(?:${GONE}|has no (?:mail|address|dns))`,
      ),
      /\b(?:unknown|invalid|bad|no such|non-?existent|unresolvable|unrouteable|unroutable|illegal|unregistered) (?:\w+ )?(?:host|domain|hostname|mail ?server|host ?name)\b|\bnxdomain|\b(?:could ?n[o']t|could not|cannot|can't|unable to|failed to) (?:find|resolve|locate|look ?up) (?:\w+ ){0,3}(?:host|domain|mail ?server|address of|hostname|dns)|\bhost\/domain|\bname or service not known|\bno (?:dns|a|address) record/,
      /\bunrout(?:e?)able address|\bname service error[^.]{0,80}not found|\bdomain name not found|\b(?:recipient|destination) domain must exist|\bhost unknown|\bunrouteable (?:mail )?domain|\bmx records point to non|\bno relevant answers|\bdomain-?not-?found/,
    ],
  ],
  [
    'filtered',
    [
      /\bmessage filtered|\bextended inactivity|\bbounced address|\bset to reject|\buser rules|\bprotected by|\brefuse to receive|\bspecific e-?mail addresses|\bcannot route mail to user|\brestricted sms|\brecipient(?:'s)? preference|\b(?:refused|rejected|blocked|denied) (?:by|due to|because of) (?:the |this )?(?:recipient|user|owner|addressee|sieve|filter|procmail)\b(?! domain| mail| server|'s domain)|\b(?:user|recipient) (?:has )?(?:rejected|refused|blocked|does not want|doesn't want)|\b(?:mail|message) (?:was |is )?filtered|\bpermanently rejected message|\bby destination domain|\b(?:recipient|user|personal)(?:'s)? (?:filter|rule|setting)|\bonly accepts? (?:mail|messages)/,
    ],
  ],
  [
    'mailbox_unknown',
    [
      about(
        MAILBOX,
        `(?:${GONE}|unavailable\\b|possibly incorrect|wrong|incorrect|no such|mismatch|has left|not available|illegal)`,
      ),
      /\b(?:unknown|invalid|no such|non-?existent|unrouteable|unroutable|undeliverable|illegal|unrecogni[sz]ed|incorrect|bad|wrong|not a valid|not our|not a|no) (?!valid)(?:\w+ ){0,3}(?:user|account|mail ?box|recipient|address|addressee|customer|local[- ]?part|alias|person|user ?id|id|user ?name|maildrop|member|subscriber)s?\b/,
      /\bnot listed in|\buser ?unknown|\bunknownuser|\bnosuchuser|\brecipnotfound|\bno (?:one|body|mailbox|account|person|user) (?:here )?(?:by|with|of|called|named) (?:that|this)|\bdoes ?n[o']t have an? [^.]{0,60}account|\b(?:not|n't) (?:listed )?in (?:the |our )?(?:public |domino )?(?:name & address book|directory|address book|recipient table)|\bnever existed|\bno such (?:user|name|person)|\bunknown to (?:us|this)|\bhas no (?:such )?(?:mailbox|account)/,
    ],
  ],
  [
    'system_full',
    [
      /\binsufficient (?:system )?(?:storage|resource)|\binsufficient system|\bno space left|\b(?:file ?system|disk|spool|queue|system|server) (?:is )?full|\bout of (?:disk|memory|storage|resources)/,
    ],
  ],
  [
    'mailer_trouble',
    [
      /\bmailer error|\b(?:pipe|process|command|program|child|filter) (?:\w+ ){0,2}(?:failed|died|crashed|exited|status|output|returned)|\bprocmail\b|\bexit(?:ed)? (?:status|with|code)|\block failure|\bunknown mailer|\bexecution failed/,
    ],
  ],
  [
    'expired',
    [
      /\bexpired\b|\bretry (?:time|timeout|limit|period)|\btime ?out\b|\btimed out|\btoo long\b|\bin the queue|\bgave up|\bgiv(?:e|ing|en) up|\bfailing for a long|\bdespite repeated|\bfor the last \d|\b(?:\d+|several|repeated|too many|maximum|max) (?:\w+ ){0,3}attempts\b(?! made)|\bdelivery attempts?\b|\bretries\b|\baborted after|\bfor more than \d+ (?:hours|days|minutes)/,
      /\b(?:cannot|could not|couldn't|unable to|failed to|not able to|can't) (?:be )?(?:deliver\w*|send|sent|transmit\w*)[^.]{0,20}\b(?:for|in|within|after) (?:\w+ )?(?:\d|too|several|more)|\bcannot send message|\bnot be reached within/,
      /\b(?:socket error|not accept our requests|unable to connect|(?:could not|couldn't|cannot|can't|failed to) (?:\w+ )?connect|not reachable|not responding|no response|did not respond|multiple retries|unreachable|connection (?:could not|cannot))|\bdeferred\b|\bbeing unable to connect/,
    ],
  ],
  [
    'blocked',
    [
      /\bconnection refused|\bconnect(?:ion)? (?:rejected|denied)|\brefused (?:the )?connection|\bblocked\b|\bbanned\b/,
    ],
  ],
  [
    'security',
    [
      /\baccess denied|\bsecurity\b|\bunauthenticated|\bauthenticat\w+|\bauth\b|\bpermission\b|\bunauthori[sz]ed|\bauthori[sz]\w+|\bcrypto\w*|\bdenied\b|\bnot permitted|\bfailed to delivery/,
    ],
  ],
  [
    'syntax',
    [
      /\bsyntax\b|\bcommand (?:\w+ )?(?:not|un\w+)|\bunrecogni[sz]ed (?:command|parameter)|\bbad sequence|\bparameter|\b(?:unknown|invalid|unsupported) (?:command|parameter)/,
    ],
  ],
  [
    'system_trouble',
    [
      /\bservice[^.]{0,20}(?:unavailable|refus\w+|down|not available|closing)|\b(?:try|retry|attempt)(?: again)? later|\btemporar\w+|\b(?:internal|local|server|system|config\w*|database|software|i\/o|io|fatal|critical|processing|backend|unexpected|write|read|lookup|ldap)\b[^.]{0,20}\b(?:error|failure|problem|trouble|fault)/,
      /\bcould not load|\binternal bug|\bcan't create (?:user )?output|\bdoes not support|\binsufficient permission|\bunable to (?:process|accept|queue|complete|verify)|\bresources?\b|\bmaintenance|\boverload|\bload average|\btoo busy|\bsystem not|\btransaction failed|\bclosing (?:transmission )?channel|\bnot currently available/,
    ],
  ],
];
