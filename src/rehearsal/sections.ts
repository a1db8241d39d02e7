/**
 * The sections of a rehearsed publication and the categories that fill them, in the words that American political
 * feeds use. What fits none, and what has no category, goes to the default.
 */
export const REHEARSED_SECTIONS: { name: string; weight: number; default?: true; categories: string[] }[] = [
  { name: 'Congress', weight: 1, categories: ['House', 'Senate', 'Congress', 'Congress Blog', 'Budget'] },
  { name: 'White House', weight: 0.9, categories: ['Administration', 'White House'] },
  {
    name: 'Campaigns',
    weight: 0.8,
    categories: ['Campaign', 'Campaigns', 'Elections', 'Campaign Report', 'Polls'],
  },
  {
    name: 'Courts & Security',
    weight: 0.7,
    categories: [
      'Court Battles',
      'Judiciary',
      'Criminal Justice',
      'National Security',
      'Defense',
      'Defense National Security',
      'Cybersecurity',
    ],
  },
  {
    name: 'Policy',
    weight: 0.6,
    categories: [
      'Policy',
      'Energy Environment',
      'Environment',
      'Healthcare',
      'Health Care',
      'Technology',
      'Business',
      'Finance',
      'Economy',
      'Business Economy',
      'Education',
      'Transportation',
      'Immigration',
      'Lobbying',
      'Banking Financial Institutions',
    ],
  },
  {
    name: 'Nation & World',
    weight: 0.4,
    default: true,
    categories: ['Homenews', 'News', 'State Watch', 'International'],
  },
  {
    name: 'People',
    weight: 0.2,
    categories: ['In The Know', 'Media', 'Arts Culture', 'People', 'Pictureshow', 'Gallery'],
  },
];
