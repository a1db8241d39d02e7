import type {
  Accounts,
  AddressChanges,
  Attempts,
  Credentials,
  DeskComments,
  DeskPresences,
  LetterRequests,
  SecondFactors,
  Sessions,
  Staff,
  Verifications,
} from './schema/accounts.ts';
import type { ClickCounts, Clicks, EditionLinks } from './schema/clicks.ts';
import type {
  AddressAnswers,
  Approvals,
  Corrections,
  EditionCandidates,
  EditionChanges,
  EditionChecks,
  EditionEdits,
  EditionItems,
  EditionMoves,
  EditionRevisions,
  Editions,
} from './schema/editions.ts';
import type { Events, Returned } from './schema/events.ts';
import type {
  Audience,
  Audit,
  Batches,
  Outcomes,
  Plates,
  RelayDays,
  Runs,
  StaffCalls,
  Ticks,
} from './schema/ledger.ts';
import type {
  ArticleComments,
  ArticleSightings,
  Articles,
  DarkDates,
  Feeds,
  Publications,
  SectionRules,
  Sections,
} from './schema/news.ts';
import type { InvoiceRequests, Plans, ProviderEvents, Subscriptions } from './schema/paying.ts';
import type {
  Consents,
  Grants,
  Holds,
  Letters,
  Offers,
  Preferences,
  Subscribers,
  Suppressions,
  TrialClaims,
  TrialEvents,
  Trials,
} from './schema/readers.ts';
import type { DomainRules, GroupRequests, SignUps } from './schema/sign-ups.ts';

/** The tables, spelled as the database spells them. `tests/db/schema.test.ts` holds these types to the migrations. */
export interface Schema {
  ticks: Ticks;
  audit: Audit;
  publications: Publications;
  dark_dates: DarkDates;
  sections: Sections;
  feeds: Feeds;
  section_rules: SectionRules;
  articles: Articles;
  article_sightings: ArticleSightings;
  article_comments: ArticleComments;
  editions: Editions;
  edition_items: EditionItems;
  edition_candidates: EditionCandidates;
  edition_revisions: EditionRevisions;
  edition_edits: EditionEdits;
  edition_changes: EditionChanges;
  edition_moves: EditionMoves;
  edition_checks: EditionChecks;
  address_answers: AddressAnswers;
  approvals: Approvals;
  corrections: Corrections;
  subscribers: Subscribers;
  preferences: Preferences;
  holds: Holds;
  consents: Consents;
  suppressions: Suppressions;
  offers: Offers;
  plans: Plans;
  invoice_requests: InvoiceRequests;
  subscriptions: Subscriptions;
  provider_events: ProviderEvents;
  trials: Trials;
  trial_events: TrialEvents;
  trial_claims: TrialClaims;
  grants: Grants;
  letters: Letters;
  staff: Staff;
  second_factors: SecondFactors;
  desk_comments: DeskComments;
  desk_presences: DeskPresences;
  sign_ups: SignUps;
  group_requests: GroupRequests;
  domain_rules: DomainRules;
  plates: Plates;
  runs: Runs;
  audience: Audience;
  batches: Batches;
  outcomes: Outcomes;
  returned: Returned;
  events: Events;
  relay_days: RelayDays;
  staff_calls: StaffCalls;
  edition_links: EditionLinks;
  clicks: Clicks;
  click_counts: ClickCounts;
  accounts: Accounts;
  credentials: Credentials;
  sessions: Sessions;
  verifications: Verifications;
  letter_requests: LetterRequests;
  attempts: Attempts;
  address_changes: AddressChanges;
}
