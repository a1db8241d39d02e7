/**
 * General knowledge about news English, none of it about any one story: words that say nothing, words that most
 * stories share, and words that tell the same deed. Other languages simply find no entry here.
 */

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Words that carry no meaning of their own. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  words(`
  a about above across after again against all also am among an and another any are as at away back be became because
  become been before behind being below between both but by came can come could did do does doing done down during each
  either else ever every few for from further get gets getting given go goes going gone got had has have having he hed
  her here heres hers herself hes him himself his how however i id if ill im in instead into is isnt it its itself ive just
  keep last latest least less let lets like likely made make makes making many may me might more most much must my near
  neither never next no nor not now of off often on once one only onto or other others our ours out over own per put
  rather really same set she shes should since so some soon still such take taken takes taking than that thats the their
  theirs them themselves then there theres these they theyre theyve this those though through thus to too took toward
  towards under until up upon us use used uses using very via want wants was wasnt way we well went were what whats when
  where whether which while who whos whom whose why will with within without wont would yet you your yours yourself
  dont doesnt didnt cant couldnt wouldnt shouldnt arent werent havent hasnt hadnt amid
  mr mrs ms dr sen rep gov sens reps today monday tuesday wednesday thursday friday saturday sunday morning afternoon
  evening night yesterday tomorrow week weeks month months day days hour hours
  january february march april june july august september october november december
  jan feb mar apr jun jul aug sept oct nov dec
  `),
);

/** Words that a tenth of all news stories hold, so that sharing one proves little even in a small window. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  words(`
  say says said saying tell told according report reports reported reporting news announce announced statement
  spokesman spokesperson spokeswoman official officials source sources interview asked call called calls calling
  new first two three four five year years time people person man woman men women state states national nation country
  american americans america u.s us united government federal president former leader leaders group groups member
  members house senate congress white republican republicans democrat democrats democratic gop party lawmaker lawmakers
  plan plans bill law case issue million billion percent number world city public part end day work back show shows
  see look high big major top long old young good great several include including among expected set story live
  update updates here know things happen happened around early late later ago continue continued face faces
  `),
);

/** Words that tell the same deed or thing; each line counts as one word. */
export const SAME_MEANING: readonly string[][] = `
  kill dead death die fatal deadly slain
  injure hurt wound injury
  crash collide collision wreck
  hospital hospitalize
  fire terminate dismiss sack oust
  resign quit
  sue lawsuit suit
  arrest detain
  charge indict accuse
  spy espionage
  approve ok greenlight
  ban prohibit outlaw
  block halt
  reject refuse
  warn advise advisory
  slam blast rip criticize criticise criticism condemn denounce lash
  poll survey
  study research
  sell auction
  buy purchase acquire acquisition
  recall
  probe investigate investigation inquiry
  shoot shooting shooter gunman gunfire
  quake earthquake
  tornado twister storm
  jail prison imprison
  convict guilty conviction
  court judge justice
  pill drug medication
  kid child minor
  teen teenager
  student pupil
  school classroom
  professor teacher
  cop police officer
  plane aircraft jet flight airplane
  train rail railroad
  ship vessel boat
  migrant immigrant asylum
  nominee nominate nomination pick
  withdraw
  win winner victory
  lose loss defeat
  vote ballot
  veto
  protest demonstrate rally
  strike walkout
  raise hike increase
  cut slash reduce
  lawyer attorney counsel
  movie film
  oil petroleum drill
  climate warming
  visit trip travel
  house home housing
  layoff
  bank lender
  fed reserve
  gop republican
  antisemitic antisemitism jewish
  transgender trans gender
  aim seek
  begin start launch
  `
  .trim()
  .split('\n')
  .map((line) => words(line));
