/** How a headline comes at its story. Two pieces on one event from different angles are two pieces. */
export type Angle = { explains: boolean; reacts: boolean; previews: boolean; weekdays: Set<string> };

const EXPLAINS =
  /\b(what to know|what we (do )?know|things (to know|we learned|to watch)|takeaways|here('|’)?s (what|why|how|where)|here are|explained|explainer|breaking down|what('|’)?s in|what is in|what happens next|storylines|where does|revelations|latest on)\b|^(why|how|what|who|where|when|\d+|three|four|five|six|seven|the \d+)\b|\?$/i;
const REACTS =
  /\b(slams?|blasts?|rips?|fires? back|hits? back|push(es)? back|calls?|condemns?|mocks?|cheers?|urges?|demands?|den(y|ies)|defends?|struggles?|critic\w*|reacts?|respon[ds]\w*|questions?|worr\w+|fears?|praises?|rejects?|roasts?|grills?|scoffs?|heightens?|remembers?|accuses?|wishes|endorses?|attacks?|dismiss\w*|downplays?|touts?|hails?|vows?|threatens?|thanks?|mourns?|jokes?|argues?|claims?|insists?|wants?|asks?|presses|knocks|takes (aim|on)|doubles down|raises|concerns?|supporters?|allies|foes|fallout|outrage|backlash|sparks?|tensions?|weighs in|apologi[sz]e\w*)\b/i;
const PREVIEWS =
  /\b(to|will|would|could|may|might|expected|plans?|poised|weighs?|eyes?|looms?|aims?|ahead|possible|potential|if)\b/i;
const WEEKDAY = /\b(monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b/gi;

/** The angle of a piece, from the way English headlines are written; other languages show none. */
export function angleOf({ headline, summary }: { headline: string; summary: string }): Angle {
  const days = `${headline} ${summary}`.match(WEEKDAY) ?? [];
  return {
    explains: EXPLAINS.test(headline),
    reacts: REACTS.test(headline),
    previews: PREVIEWS.test(headline),
    weekdays: new Set(days.map((day) => day.toLowerCase())),
  };
}
